"""Three fields of a body are checked before it is stored, by a request validator instead of the handler."""

import bodies
from exchange import Request

function = "SaveNote"
known = {
    "nested": "a field that holds an object or a list",
    "no JSON": "what is no JSON object is turned down like other bad bodies",
    "no body": "what is no JSON object is turned down like other bad bodies",
    "no object": "what is no JSON object is turned down like other bad bodies",
    "null as body": "what is no JSON object is turned down like other bad bodies",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    kind = draw.choice(["plain", "rich", "plain", "rich", "other"])
    note = {"id": f"{draw.text(empty=False)}~{draw.randint(1, 400)}", "text": draw.text(), "kind": kind}
    return bodies.request(draw, "/notes", note)
