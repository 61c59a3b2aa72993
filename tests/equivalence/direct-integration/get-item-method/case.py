"""A method that is a resource of its own, below two parts of a path."""

from exchange import Request

function = "GetNote"


def items(draw):
    return {"Notes": [draw.item(id={"S": draw.segment()}) for _ in range(80)]}


def request(draw, items):
    return Request("GET", "/notes/" + draw.one((8, draw.choice(items["Notes"])["id"]["S"]), (2, draw.segment)))
