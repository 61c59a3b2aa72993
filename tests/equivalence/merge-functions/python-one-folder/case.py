"""Handlers in one folder that share a module."""

import bodies
from exchange import Request

app = "tests/refactorings/merge-functions/one-folder/before"
function = "merge-functions"


def items(draw):
    return {"NotesTable": [draw.item(0, id={"S": f"n{number}"}, text={"S": draw.text()}) for number in range(60)]}


def request(draw, items):
    known = draw.choice(items["NotesTable"])["id"]["S"]
    gone = Request("DELETE", f"/notes/{draw.one((3, known), (1, draw.segment))}")
    return draw.one(
        (3, lambda: bodies.request(draw, "/notes", {"text": draw.text()})),
        (3, gone),
        (1, Request("PUT", "/notes")),
    )
