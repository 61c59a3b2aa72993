"""Routes of an OpenAPI document, whose integrations speak of the functions."""

import bodies
from exchange import Request

app = "tests/refactorings/merge-functions/definition/before"
function = "merge-functions"


def items(draw):
    return {"BooksTable": [{"id": {"S": f"b{number}"}, "title": {"S": draw.text()}} for number in range(60)]}


def request(draw, items):
    known = draw.choice(items["BooksTable"])["id"]["S"]
    path = f"/books/{draw.one((3, known), (1, draw.segment))}"
    return draw.one(
        (1, lambda: bodies.request(draw, path, {"title": draw.text()}, method="PUT")),
        (1, Request("DELETE", path)),
    )
