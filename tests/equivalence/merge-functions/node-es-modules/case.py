"""ES modules in folders of their own; one handler answers by a callback and takes every method."""

import bodies
from exchange import Request

app = "tests/refactorings/merge-functions/es-modules/before"
function = "merge-functions"


def items(draw):
    return {"PetsTable": [{"id": {"S": f"p{number}"}, "name": {"S": draw.text()}} for number in range(60)]}


def request(draw, items):
    known = draw.choice(items["PetsTable"])["id"]["S"]
    path = f"/pets/{draw.one((3, known), (1, draw.segment))}"
    return draw.one(
        (1, lambda: bodies.request(draw, "/pets", {"id": draw.text(), "name": draw.text()})),
        (1, Request(draw.choice(["GET", "DELETE", "POST", "PATCH"]), path)),
    )
