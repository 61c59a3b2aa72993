"""Before and after a refactoring, the same requests have the same answers and leave the same behind.

python -m: the entry is `.ci/equivalence`, which installs what this needs.
"""

import argparse
import logging
import os
import sys
import tempfile
import time
from pathlib import Path

import case as cases
import selftest
import show
from case import Refused
from emulators import CREDENTIALS
from side import Side
from templates import Templates
from trial import Trial


def main():
    asked = arguments()
    os.environ.update(CREDENTIALS)
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    chosen = cases.all_in(asked.only)
    templates = Templates(asked.cache)
    sides = [Side(asked.cache, templates) for _ in range(2)]
    try:
        for side in sides:
            side.emulators.wait()
        # Node finds its packages in the folders above a handler.
        with tempfile.TemporaryDirectory(dir=asked.cache) as work:
            good = [run(case, sides, templates, asked, Path(work)) for case in chosen]
    finally:
        for side in sides:
            side.close()
        templates.close()
    print(f"{sum(good)} passed, {len(good) - sum(good)} failed")
    return 0 if all(good) else 1


def run(case, sides, templates, asked, work):
    began = time.monotonic()
    try:
        folders = case.refactored(asked.slslint, work)
    except Refused as refused:
        print(f"FAILED {case.name}: refused: {refused}")
        return False
    templates.doubtful.clear()
    outcome = Trial(case, sides, folders, asked.seed).run(asked.requests)
    good = show.outcome(case, outcome, templates.doubtful, time.monotonic() - began)
    if selftest.has(case):
        good &= selftest.run(case, sides, folders, asked)
    return good


def arguments():
    parser = argparse.ArgumentParser(prog="equivalence", description=__doc__)
    parser.add_argument("slslint", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="where the emulators are installed")
    parser.add_argument("--requests", type=int, default=200, help="requests for each case")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", default=[], metavar="WORD", help="cases whose name holds the word")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
