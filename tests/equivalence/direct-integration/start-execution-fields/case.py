"""The input of an execution, made of a field of the body and constants."""

import bodies

function = "Import"
known = {
    "no JSON": "the gateway refuses a body that is no JSON before any mapping",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    return bodies.request(draw, "/imports", {"file": draw.text()})
