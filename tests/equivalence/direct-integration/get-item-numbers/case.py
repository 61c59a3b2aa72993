"""A whole item of any shape whose numbers are answered as numbers."""

from exchange import Request

function = "GetPrice"
# By the attribute that an item has then.
known = {
    "long": "Python rounds to a double, the mapping keeps all digits",
    "huge": "the remainder of a number beyond 10**28 cannot be told in Python, so the function fails",
}


def items(draw):
    prices = [item(draw) for _ in range(80)]
    prices += [item(draw, long={"N": "12345678901234567890.123456789"}) for _ in range(3)]
    prices += [item(draw, huge={"N": "1" + "0" * 30}) for _ in range(3)]
    return {"Prices": prices}


def item(draw, **more):
    numbers = ["0", "1", "-1", "42", "1.5", "19.99", "-0.001", "1000000000000", "123456.789"]
    given = {name: {"N": draw.choice(numbers)} for name in draw.sample(["amount", "tax", "it's"], 2)}
    nested = {"nested": {"L": [{"M": {"n": {"N": draw.choice(numbers)}}}, draw.value(2, ("S", "BOOL", "NULL"))]}}
    return {"id": {"S": draw.segment()}, "text": {"S": draw.text()}, **given, **nested, **more}


def request(draw, items):
    price = draw.choice(items["Prices"])
    label = next((name for name in known if name in price), "")
    return Request("GET", "/prices/" + draw.one((8, price["id"]["S"]), (1, draw.segment)), label=label)
