"""CommonJS behind an HTTP API; one route takes every method, and some answers have no status."""

import bodies
from exchange import Request

app = "tests/refactorings/merge-functions/http-api/before"
function = "merge-functions"


def items(draw):
    orders = [{"id": {"S": f"o{number}"}, "total": {"N": draw.choice(["0", "7", "19.99"])}} for number in range(60)]
    return {"OrdersTable": orders}


def request(draw, items):
    known = draw.choice(items["OrdersTable"])["id"]["S"]
    lines = [{"price": draw.choice([1, 2.5]), "quantity": draw.randint(0, 3)} for _ in range(draw.randint(0, 3))]
    path = f"/orders/{draw.one((3, known), (1, draw.segment))}"
    return draw.one(
        (1, lambda: bodies.request(draw, "/orders", {"id": draw.text(), "lines": lines})),
        (1, Request(draw.choice(["GET", "DELETE", "POST", "PATCH"]), path)),
    )
