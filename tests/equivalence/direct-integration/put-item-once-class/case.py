"""An item is put once; the second time, the class of the error says so, and any other has one answer."""

import bodies

function = "Register"
known = {
    "missing": "the SDK stores an item without the field",
    "long": "the SDK refuses numbers beyond what a double holds",
    "nested": "a field that holds an object or a list",
    "no JSON": "the gateway refuses a body that is no JSON before any mapping",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    return bodies.request(draw, "/users", {"email": f"user{draw.randint(1, 40)}@example.com", "name": draw.text()})
