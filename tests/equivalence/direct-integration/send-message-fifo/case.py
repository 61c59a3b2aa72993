"""A message made of the path, the body and a constant, in order."""

import bodies

function = "Ship"
known = {
    "no JSON": "the gateway refuses a body that is no JSON before any mapping",
    "long": "the function rounds numbers to what a double holds, the mapping keeps their digits",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    return bodies.request(draw, f"/shipments/{draw.segment()}", {"address": draw.text()})
