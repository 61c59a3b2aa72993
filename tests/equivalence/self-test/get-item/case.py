"""A note is read by its id. The integration is written by hand, to see that the test itself sees faults."""

from exchange import Request

function = "GetNote"


def items(draw):
    return {"Notes": [note(draw) for _ in range(50)]}


def note(draw):
    return {"id": {"S": draw.segment()}, "text": {"S": draw.text()}, "votes": {"N": draw.number()}}


def request(draw, items):
    key = draw.one((8, draw.choice(items["Notes"])["id"]["S"]), (2, draw.segment), (0.2, "x" * 2049))
    return Request("GET", f"/notes/{key}")
