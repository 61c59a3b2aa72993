"""The body is the input of an execution."""

import bodies

function = "Begin"
known = {
    "no body": "a mapping has {} for a body that is not there",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    return bodies.opaque(draw, "/flows")
