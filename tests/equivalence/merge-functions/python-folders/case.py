"""Folders with modules and packages of their own, whose imports become relative."""

import bodies
from exchange import Request

app = "tests/refactorings/merge-functions/folders-of-their-own/before"
function = "merge-functions"


def items(draw):
    return {"CartsTable": [draw.item(cartId={"S": f"c{number}"}) for number in range(60)]}


def request(draw, items):
    known = draw.choice(items["CartsTable"])["cartId"]["S"]
    why = draw.choice([[], [("reason", "left")], [("reason", "sold")], [("reason", draw.text())]])
    cart = {"cartId": draw.text(), "items": [{"quantity": draw.choice([1, 2.5, "3"])} for _ in range(draw.randint(0, 3))]}
    return draw.one(
        (1, lambda: bodies.request(draw, "/carts", cart)),
        (1, Request("DELETE", f"/carts/{draw.one((3, known), (1, draw.segment))}", why)),
    )
