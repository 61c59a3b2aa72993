"""A length, a range and a beginning are checked by a request validator instead of the handler."""

import json
from dataclasses import replace

import bodies

function = "SaveReview"
TYPE = "what has another type is turned down like other bad bodies"
OBJECT = "what is no JSON object is turned down like other bad bodies"
known = {
    "missing": "what lacks a field that is checked is turned down like other bad bodies",
    "text": TYPE,
    "null": TYPE,
    "boolean": TYPE,
    "number": TYPE,
    "long": TYPE,
    "endless": TYPE,
    "nested": TYPE,
    "no JSON": OBJECT,
    "no body": OBJECT,
    "no object": OBJECT,
    "null as body": OBJECT,
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    title = draw.choice([draw.text(), "x" * draw.randint(18, 22), "😀" * draw.randint(18, 22), "é" * draw.randint(10, 21)])
    stars = draw.choice([0, 1, 2, 3, 4, 5, 6, -1, 5.0, 0.5, 2.5, 5.5])
    page = draw.choice(["item", "items/1", "item-it's", " item", "Item", "ite", ""])
    review = {"id": f"{draw.text(empty=False)}~{draw.randint(1, 400)}", "title": title, "stars": stars, "page": page}
    request = bodies.request(draw, "/reviews", review)
    return replace(request, label="text") if not request.label and isinstance(json.loads(request.body)["stars"], str) else request
