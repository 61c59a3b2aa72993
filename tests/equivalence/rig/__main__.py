"""Before and after a refactoring, the same requests have the same answers and leave the same behind.

The entry is `.ci/equivalence`, which installs what this needs.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import case as cases
import lane


def main():
    asked = arguments()
    names = [case.name for case in cases.all_in(asked.only)]
    passed = []
    # A lane that forked would share the pipes of the others.
    with ProcessPoolExecutor(asked.lanes, get_context("spawn"), lane.begin, (asked,)) as lanes:
        for text, good in lanes.map(lane.run, names):
            print(text, flush=True)
            passed.append(good)
    print(f"{sum(passed)} passed, {len(passed) - sum(passed)} failed")
    return 0 if all(passed) else 1


def arguments():
    parser = argparse.ArgumentParser(prog="equivalence", description=__doc__)
    parser.add_argument("slslint", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="where the emulators are installed")
    parser.add_argument("--requests", type=int, default=200, help="requests for each case")
    parser.add_argument("--control", action="store_true", help="compare the original with itself")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lanes", type=int, default=2, help="cases at a time")
    parser.add_argument("--only", action="append", default=[], metavar="WORD", help="cases whose name holds the word")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
