"""Keys from the path and from the query string, with the plain client; the query string may be missing."""

from exchange import Request

function = "GetLine"


def items(draw):
    return {"Lines": [item(draw) for _ in range(60)]}


def item(draw):
    return {"cart": {"S": draw.segment()}, "line": {"S": draw.text(empty=False)}, "product": {"S": draw.text()}}


def request(draw, items):
    line = draw.choice(items["Lines"])
    query = draw.one(
        (8, [("line", line["line"]["S"])]),
        (1, [("line", draw.text())]),
        (1, [("line", "first"), ("line", line["line"]["S"])]),
        (0.5, [("lime", "x")]),
        (0.5, []),
    )
    return Request("GET", f"/carts/{line['cart']['S']}/line", query)
