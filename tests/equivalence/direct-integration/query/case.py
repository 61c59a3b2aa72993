"""The items under a key, at most so many, as a list."""

from exchange import Request

function = "ListLines"
CARTS = 40


def items(draw):
    carts = [draw.segment() for _ in range(CARTS)]
    sizes = [draw.choice([1, 2, 3, 8]) for _ in carts] + [30]
    return {"Lines": [line(draw, cart, at) for cart, size in zip(carts + ["many"], sizes) for at in range(size)]}


def line(draw, cart, at):
    amount = {"N": draw.choice(["1", "-2", "19.99"])}
    return draw.item(2, ("S", "BOOL", "NULL"), cart={"S": cart}, line={"S": f"{at:02}"}, amount=amount)


def request(draw, items):
    return Request("GET", f"/carts/{draw.one((8, draw.choice(items['Lines'])['cart']['S']), (2, draw.segment))}/lines")
