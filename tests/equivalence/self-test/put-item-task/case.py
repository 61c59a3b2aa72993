"""A task stores an item. The task is written by hand, to see that faults in a state machine show."""

from exchange import run

function = "Save"
known = {"other type": "the function stores any type, the task only the ones it names"}


def request(draw, items):
    order = {"id": draw.segment(), "amount": draw.randint(-5, 1000)}
    return draw.one(
        (9, lambda: run("Flow", order)),
        (1, lambda: run("Flow", {**order, "amount": draw.choice(["7", None, [1]])}, "other type")),
    )
