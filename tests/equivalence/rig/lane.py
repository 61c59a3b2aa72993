"""A lane of a run: cases one after another, in a process with emulators of its own."""

import atexit
import logging
import os
import shutil
import tempfile
import time
import traceback
from pathlib import Path

import importing
import routes
import selftest
import show
from case import CASES, Case, Refused
from emulators import CREDENTIALS
from side import Side
from stack import Stack
from templates import Templates
from trial import Trial


class Lane:
    def __init__(self, asked):
        self.asked = asked
        # Node finds its packages in the folders above a handler.
        self.work = Path(tempfile.mkdtemp(prefix="lane-", dir=asked.cache))
        self.templates = Templates(asked.cache)
        self.sides = [Side(asked.cache, self.templates) for _ in range(2)]
        for side in self.sides:
            side.emulators.wait()

    def close(self):
        for side in self.sides:
            side.close()
        self.templates.close()
        shutil.rmtree(self.work)

    def run(self, case):
        """What is to be said of a case, and whether it passes."""
        began = time.monotonic()
        try:
            folders = case.folders(None if self.asked.control else self.asked.slslint, self.work)
        except Refused as refused:
            return show.refused(case, str(refused))
        if case.refused and not self.asked.control:
            return f"DIFFERENT {case.name}: it is refactored, but it was to be refused", False
        if self.asked.control:
            case.known = {}
        stack = Stack(folders[1], self.sides[1].emulators.queue)
        refusals = importing.faults(routes.of(stack))
        if refusals:
            return "\n".join([f"DIFFERENT {case.name}: API Gateway would not take it", *refusals]), False
        outcome = Trial(case, self.sides, self.templates, folders, self.asked.seed).run(self.asked.requests)
        text, good = show.outcome(case, outcome, time.monotonic() - began)
        if selftest.has(case) and not self.asked.control:
            told, seen = selftest.run(case, self.sides, self.templates, folders, self.asked)
            text, good = f"{text}\n{told}", good and seen
        return text, good


LANE = []


def begin(asked):
    """Starts the lane of this process."""
    os.environ.update(CREDENTIALS)
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    LANE.append(Lane(asked))
    atexit.register(LANE[0].close)


def run(name):
    try:
        return LANE[0].run(Case(CASES / name))
    except Exception:
        return f"BROKEN {name}: {traceback.format_exc()}", False
