"""Asks both sides of a case the same things and notes what differs."""

import copy
from collections import Counter
from dataclasses import dataclass, field

import compare
from draw import Draw
from kept import kept
from stack import Stack

READING = ("GET", "HEAD", "OPTIONS")
SHOWN = 300


@dataclass
class Outcome:
    """`statuses` are those of the original; `different` and `expected` hold what was asked and what differed."""

    requests: int = 0
    statuses: Counter = field(default_factory=Counter)
    different: list = field(default_factory=list)
    expected: Counter = field(default_factory=Counter)

    def note(self, case, request, what, before, after):
        label = getattr(request, "label", "")
        if label in case.known:
            self.expected[label] += 1
        else:
            self.different.append((request, what, before, after))


class Trial:
    """Both sides, deployed and filled alike."""

    def __init__(self, case, sides, folders, seed, mutate=None):
        self.case = case
        self.sides = sides
        self.draw = Draw(f"{seed} {case.name}")
        self.items = case.items(self.draw)
        for side, folder in zip(sides, folders):
            stack = Stack(folder, side.emulators.queue)
            if mutate and side is sides[1]:
                stack.resources = mutate(stack.resources)
            side.deploy(stack)
            side.world.fill(self.items)
        self.kept = [kept(side.world) for side in sides]

    def run(self, requests, until=None):
        """`until` stops the trial at so many differences."""
        outcome = Outcome()
        for _ in range(requests):
            request = self.case.request(self.draw, self.items)
            before, after = (side.gateway.answer(copy.deepcopy(request)) for side in self.sides)
            what = compare.answers(before, after)
            if request.method not in READING:
                what = self.changed() or what
            outcome.requests += 1
            outcome.statuses[before.status] += 1
            if what:
                outcome.note(self.case, request, what, before, after)
            if until and len(outcome.different) >= until:
                return outcome
        left = self.changed()
        if left:
            outcome.different.append((None, left, None, None))
        return outcome

    def changed(self):
        """What differs between what came to the stores of the two sides since the last look."""
        changes = []
        for at, side in enumerate(self.sides):
            now = kept(side.world)
            changes.append(compare.changes(self.kept[at], now))
            self.kept[at] = now
        return compare.stores(*changes)
