"""The input of an execution, made of a field of the body and constants."""

import bodies

function = "Import"
known = {
    "no body": "a mapping has {} for a body that is not there",
    "no JSON": "the gateway refuses a body that is no JSON before any mapping",
    "long": "the function rounds numbers to what a double holds, the mapping keeps their digits",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    return bodies.request(draw, "/imports", {"file": draw.text()})
