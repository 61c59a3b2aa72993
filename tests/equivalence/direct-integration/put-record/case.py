"""The body is a record of a stream, the key comes from the path."""

import bodies

function = "Track"
known = {
    "no body": "a mapping has {} for a body that is not there",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    return bodies.opaque(draw, f"/tracks/{draw.segment()}")
