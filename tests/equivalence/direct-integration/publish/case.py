"""The body goes to a topic as it is, under a fixed subject."""

import bodies

function = "Announce"
known = {
    "no body": "a mapping has {} for a body that is not there",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    return bodies.opaque(draw, "/news")
