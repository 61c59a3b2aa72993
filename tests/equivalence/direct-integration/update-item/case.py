"""A text of the body is set, and a counter goes up, in an item that may be there or not."""

import bodies

function = "Rename"
known = {
    "nested": "a field that holds an object or a list",
    "no JSON": "the gateway refuses a body that is no JSON before any mapping",
    "other type": "the gateway refuses other types of content",
}


def items(draw):
    return {"Albums": [{"id": {"S": draw.segment()}, "name": {"S": draw.text()}} for _ in range(30)]}


def request(draw, items):
    key = draw.one((4, draw.choice(items["Albums"])["id"]["S"]), (1, draw.segment))
    return bodies.request(draw, f"/albums/{key}", {"name": draw.text()}, "PUT")
