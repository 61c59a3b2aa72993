"""The shop's GetCart: a whole item of any shape, its numbers answered as texts."""

from exchange import Request

app = "corpus/apps/shop"
function = "GetCart"
# By the attribute that an item has then.
known = {
    "set": "Python answers the text of a set or of bytes, which is not JSON",
    "tiny": "below 0.000001 Python writes an exponent",
}


def items(draw):
    carts = [draw.item(cartId={"S": draw.segment()}) for _ in range(80)]
    carts += [draw.item(cartId={"S": draw.segment()}, set=draw.value(0, ("SS", "NS", "B"))) for _ in range(3)]
    carts += [draw.item(cartId={"S": draw.segment()}, tiny={"N": "0.0000001"}) for _ in range(3)]
    return {"CartsTable": carts}


def request(draw, items):
    cart = draw.choice(items["CartsTable"])
    label = next((name for name in known if name in cart), "")
    key = draw.one((8, cart["cartId"]["S"]), (1, draw.segment), (0.2, "x" * 2049))
    return Request("GET", f"/cart/{key}", label=label)
