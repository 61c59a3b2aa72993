"""The shop's GetCart: a whole item of any shape, its numbers answered as texts. Its other routes stay as they are."""

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
    products = [draw.item(productId={"S": draw.segment()}) for _ in range(5)]
    return {"CartsTable": carts, "ProductsTable": products}


def request(draw, items):
    return draw.one(
        (15, lambda: cart(draw, items["CartsTable"])),
        (1, lambda: Request("GET", f"/products/{draw.choice(items['ProductsTable'])['productId']['S']}")),
        (1, lambda: Request("POST", "/cart", body=draw.json({"cartId": draw.segment(), "items": [line(draw)]}))),
        (1, lambda: Request("DELETE", "/cart", body=draw.json({"cartId": f"cart-{draw.randint(1, 9)}"}))),
    )


def cart(draw, carts):
    found = draw.choice(carts)
    label = next((name for name in known if name in found), "")
    key = draw.one((8, found["cartId"]["S"]), (1, draw.segment), (0.2, "x" * 2049))
    return Request("GET", f"/cart/{key}", label=label)


def line(draw):
    return {"productId": draw.text(), "quantity": draw.randint(1, 3), "price": draw.choice([1, 19.99])}
