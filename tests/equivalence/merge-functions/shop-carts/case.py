"""Two functions of the shop in folders of their own."""

import bodies
from exchange import Request

app = "corpus/apps/shop"
function = "merge-functions"


def items(draw):
    return {"CartsTable": [{"cartId": {"S": f"cart-{number}"}} for number in range(60)]}


def request(draw, items):
    return draw.one((3, lambda: add(draw)), (3, lambda: remove(draw, items)), (1, lambda: read(items, draw)))


def add(draw):
    bought = [
        {"productId": draw.text(), "price": draw.choice([1, 1.5, 19.99, 0]), "quantity": draw.choice([1, 2, 0, -1])}
        for _ in range(draw.randint(0, 3))
    ]
    return bodies.request(draw, "/cart", {"cartId": f"cart-{draw.text()}", "items": bought})


def remove(draw, items):
    known = draw.choice(items["CartsTable"])["cartId"]["S"]
    return bodies.request(draw, "/cart", {"cartId": draw.choice([known, draw.text()])}, method="DELETE")


def read(items, draw):
    return Request("GET", f"/cart/{draw.choice(items['CartsTable'])['cartId']['S']}")
