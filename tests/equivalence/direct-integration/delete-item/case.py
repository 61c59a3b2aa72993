"""An item goes; the answer has no body."""

from exchange import Request

function = "RemoveNote"


def items(draw):
    return {"Notes": [{"id": {"S": draw.segment()}, "text": {"S": draw.text()}} for _ in range(220)]}


def request(draw, items):
    key = draw.one((9, draw.choice(items["Notes"])["id"]["S"]), (1, draw.segment), (0.2, "x" * 2049))
    return Request("DELETE", f"/notes/{key}")
