"""A message made of a part of the path and a field of the body."""

import bodies

function = "Enqueue"
known = {
    "no body": "a mapping has {} for a body that is not there",
    "no JSON": "the gateway refuses a body that is no JSON before any mapping",
    "long": "the function rounds numbers to what a double holds, the mapping keeps their digits",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    return bodies.request(draw, f"/jobs/{draw.segment()}", {"name": draw.text()})
