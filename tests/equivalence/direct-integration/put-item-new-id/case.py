"""An item under an identifier that is made up, which the answer tells."""

import bodies

function = "Create"
known = {
    "nested": "a field that holds an object or a list",
    "no JSON": "the gateway refuses a body that is no JSON before any mapping",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    return bodies.request(draw, "/tickets", {"title": draw.text(), "priority": draw.randint(1, 5)})
