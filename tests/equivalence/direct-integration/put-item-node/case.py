"""Keys from the path, a text from the body, typed by hand in JavaScript."""

import bodies

function = "AddTask"
known = {
    "no JSON": "the gateway refuses a body that is no JSON before any mapping",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    path = f"/lists/{draw.segment()}/tasks/{draw.segment()}"
    return bodies.request(draw, path, {"title": draw.text()}, "PUT")
