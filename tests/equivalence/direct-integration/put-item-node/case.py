"""Keys from the path, a text from the body, typed by hand in JavaScript."""

import bodies

function = "AddTask"
known = {
    "boolean": "JavaScript's client sends an empty text, DynamoDB refuses what the mapping sends",
    "number": "JavaScript's client sends an empty text, DynamoDB refuses what the mapping sends",
    "long": "JavaScript's client sends an empty text, DynamoDB refuses what the mapping sends",
    "endless": "JavaScript's client sends an empty text, DynamoDB refuses what the mapping sends",
    "nested": "JavaScript's client sends an empty text, DynamoDB refuses what the mapping sends",
    "no JSON": "the gateway refuses a body that is no JSON before any mapping",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    path = f"/lists/{draw.segment()}/tasks/{draw.segment()}"
    return bodies.request(draw, path, {"title": draw.text()}, "PUT")
