"""The body is the detail of an event."""

import bodies

function = "Emit"
known = {
    "no body": "a mapping has {} for a body that is not there",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    return bodies.opaque(draw, "/events")
