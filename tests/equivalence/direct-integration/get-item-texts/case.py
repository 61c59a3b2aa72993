"""A whole item whose numbers nothing converts: an item with one makes the function fail."""

from exchange import Request

function = "GetText"


def items(draw):
    texts = [draw.item(3, ("S", "BOOL", "NULL"), id={"S": draw.segment()}) for _ in range(80)]
    texts += [draw.item(2, id={"S": draw.segment()}, count={"N": draw.number()}) for _ in range(10)]
    return {"Texts": texts}


def request(draw, items):
    text = draw.choice(items["Texts"])
    return Request("GET", "/texts/" + draw.one((8, text["id"]["S"]), (1, draw.segment)))
