"""The body goes to a queue. The integration is written by hand, to see that faults in what is kept show."""

import bodies

function = "Submit"
known = {
    "no body": "a mapping has {} for a body that is not there",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    return bodies.opaque(draw, "/orders")
