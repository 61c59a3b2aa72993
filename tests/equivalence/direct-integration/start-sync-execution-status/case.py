"""The outcome of an execution decides between its output and an answer of its own."""

import bodies
from exchange import Request

function = "Begin"
known = {
    "no body": "a mapping has {} for a body that is not there",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    failing = Request("POST", "/flows", [], bodies.JSON, draw.json({"bad": draw.text()}), "")
    return draw.one((1, failing), (3, lambda: bodies.opaque(draw, "/flows")))
