"""Asks both sides of a case the same things and notes what differs."""

import copy
from collections import Counter
from dataclasses import dataclass, field

import compare
import machines
from draw import Draw
from exchange import RUN, Request
from kept import kept
from stack import Stack

READING = ("GET", "HEAD", "OPTIONS")
NOTHING = Request(RUN, "")


@dataclass
class Outcome:
    """`statuses` are those of the original; `different` holds what was asked and answered, `expected` counts what is
    known to differ, `doubtful` has examples of templates that depend on the reading."""

    requests: int = 0
    statuses: Counter = field(default_factory=Counter)
    different: list = field(default_factory=list)
    expected: Counter = field(default_factory=Counter)
    doubtful: dict = field(default_factory=dict)

    def note(self, case, request, what, before, after):
        if request.label in case.known:
            self.expected[request.label] += 1
        else:
            self.different.append((request, what, before, after))


class Trial:
    """Both sides, deployed and filled alike."""

    def __init__(self, case, sides, templates, folders, seed, mutate=None):
        self.case = case
        self.sides = sides
        self.templates = templates
        self.draw = Draw(f"{seed} {case.name}")
        self.items = case.items(self.draw)
        for side, folder in zip(sides, folders):
            stack = Stack(folder, side.emulators.queue)
            if mutate and side is sides[1]:
                mutate(stack)
            side.deploy(stack)
            side.world.fill(self.items)
        self.kept = [kept(side.world, ran=True) for side in sides]

    def run(self, requests, until=None):
        """`until` stops the trial at so many differences."""
        outcome = Outcome()
        for _ in range(requests):
            request = self.case.request(self.draw, self.items)
            before, after = self.asked(request, outcome.requests)
            what = compare.answers(before, after)
            if request.method not in READING:
                what = self.changed(request) or what
            outcome.requests += 1
            outcome.statuses[before.status] += 1
            if what:
                outcome.note(self.case, request, what, before, after)
            if self.templates.doubtful and request.label not in self.case.known:
                template, *rendered = self.templates.doubtful
                outcome.doubtful.setdefault(template, rendered)
            if until and len(outcome.different) >= until:
                return outcome
        left = self.changed(NOTHING)
        if left:
            outcome.different.append((None, left, None, None))
        return outcome

    def asked(self, request, number):
        """The answers of both sides."""
        self.templates.doubtful = None
        if request.method != RUN:
            return [side.gateway.answer(copy.deepcopy(request)) for side in self.sides]
        runs = [machines.start(side, request.path, f"run-{number}", request.body) for side in self.sides]
        return [machines.end(side, run) for side, run in zip(self.sides, runs)]

    def changed(self, request):
        """What differs between what came to the stores of the two sides since the last look."""
        changes = []
        for at, side in enumerate(self.sides):
            now = kept(side.world, request.body, request.method == RUN)
            changes.append(compare.changes(self.kept[at], now))
            self.kept[at] = now
        different = compare.stores(*changes)
        if different:
            # What follows is judged by itself.
            self.sides[1].world.copy(self.sides[0].world)
            self.kept[1] = {**self.kept[1], "items": self.kept[0]["items"]}
        return different
