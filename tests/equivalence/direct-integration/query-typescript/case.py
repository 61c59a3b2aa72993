"""The items under a key from a text of the query string on, in TypeScript."""

from exchange import Request

function = "ListOrders"


def items(draw):
    customers = [draw.segment() for _ in range(30)]
    return {"Orders": [order(draw, customer, at) for customer in customers for at in range(draw.choice([1, 2, 5]))]}


def order(draw, customer, at):
    given = {"customer": {"S": customer}, "order": {"S": f"{at}{draw.text()}"}, "total": {"N": str(at)}}
    return draw.item(2, ("S", "BOOL", "NULL"), **given)


def request(draw, items):
    order = draw.choice(items["Orders"])
    customer = draw.one((8, order["customer"]["S"]), (1, draw.segment))
    since = draw.one((4, order["order"]["S"]), (2, "0"), (2, draw.text))
    query = draw.one((8, [("since", since)]), (1, [("since", since), ("more", draw.text())]), (0.5, []))
    return Request("GET", f"/customers/{customer}/orders", query)
