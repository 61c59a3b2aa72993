"""A field of an item in the type that it has: a path has to name one, so there is none."""

from exchange import run

function = "FindCustomer"
refused = "changes a value"
known = {
    "no customer": "the error has another name; nothing in the machine catches it",
    "other type": "the error has another name; nothing in the machine catches it",
}


def items(draw):
    return {"Customers": [{"id": {"S": draw.segment()}, "name": {"S": draw.text()}} for _ in range(40)]}


def request(draw, items):
    known = {"customer": draw.choice(items["Customers"])["id"]["S"], "more": draw.text()}
    return draw.one(
        (9, lambda: run("Flow", known)),
        (1, lambda: run("Flow", {"customer": draw.segment()}, "no customer")),
        (1, lambda: run("Flow", {"customer": draw.choice([5, None, True, [], ""])}, "other type")),
        (1, lambda: run("Flow", {}, "other type")),
    )
