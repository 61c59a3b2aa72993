"""Texts of the input become attributes of an item, in a machine with JSONata."""

from exchange import run

function = "SaveOrder"
known = {"other type": "the error has another name; nothing in the machine catches it"}


def request(draw, items):
    order = {"order": draw.segment(), "note": draw.text()}
    return draw.one(
        (9, lambda: run("Flow", order)),
        (1, lambda: run("Flow", {**order, "order": draw.choice([5, True, [], ""])}, "other type")),
    )
