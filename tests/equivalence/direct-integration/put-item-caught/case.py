"""Whatever the table refuses has one answer, and what the handler itself fails at has another."""

import bodies

function = "Register"
known = {
    "nested": "a field that holds an object or a list",
    "no JSON": "the gateway refuses a body that is no JSON before any mapping",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    return bodies.request(draw, "/users", {"email": f"user{draw.randint(1, 40)}@example.com", "name": draw.text()})
