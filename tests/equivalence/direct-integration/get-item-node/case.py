"""A whole item of any shape, read with the document client of JavaScript."""

from exchange import Request

function = "GetOrder"
# By the attribute that an item has then.
known = {
    "set": "JavaScript writes a set as an object and bytes as an object of numbers",
    "unsafe": "JavaScript's client fails on whole numbers beyond 2**53",
    "long": "JavaScript rounds to a double, the mapping keeps all digits",
}


def items(draw):
    orders = [item(draw) for _ in range(80)]
    orders += [item(draw, set=draw.value(0, ("SS", "NS", "B"))) for _ in range(3)]
    orders += [item(draw, unsafe={"N": "9007199254740993"}) for _ in range(3)]
    orders += [item(draw, long={"N": "0.12345678901234567890"}) for _ in range(3)]
    return {"Orders": orders}


def item(draw, **more):
    amount = {"N": draw.choice(["0", "1", "-7", "19.99", "-0.001", "1000000000000"])}
    return draw.item(3, ("S", "BOOL", "NULL"), orderId={"S": draw.segment()}, amount=amount, **more)


def request(draw, items):
    order = draw.choice(items["Orders"])
    label = next((name for name in known if name in order), "")
    return Request("GET", "/orders/" + draw.one((8, order["orderId"]["S"]), (1, draw.segment)), label=label)
