"""Numbers of the body are stored with all their digits."""

import bodies

function = "SavePrice"
known = {
    "nested": "a field that holds an object or a list",
    "no JSON": "the gateway refuses a body that is no JSON before any mapping",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    fields = {"amount": draw.choice([0, 1, 19.99, -0.001, 123456.789]), "currency": draw.text()}
    return bodies.request(draw, f"/prices/{draw.segment()}", fields, "PUT")
