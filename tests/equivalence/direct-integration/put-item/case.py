"""Fields of the body become attributes of an item; other types than texts, and bodies that are no such note."""

import bodies
from exchange import Request

function = "SaveNote"
known = {
    "nested": "a field that holds an object or a list",
    "no JSON": "the gateway refuses a body that is no JSON before any mapping",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    note = {"id": f"{draw.text(empty=False)}~{draw.randint(1, 400)}", "text": draw.text()}
    return bodies.request(draw, "/notes", note)
