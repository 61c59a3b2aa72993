"""The body goes to a queue, by a definition in a REST API of CloudFormation's."""

import bodies

function = "Submit"
known = {
    "no body": "a mapping has {} for a body that is not there",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    return bodies.opaque(draw, "/orders")
