"""Who goes is forgotten."""

import sockets

function = "Go"


def items(draw):
    return {"Connections": [{"connectionId": {"S": draw.segment()}} for _ in range(220)]}


def request(draw, items):
    connection = draw.choice(items["Connections"])["connectionId"]["S"]
    return sockets.go(draw.one((9, connection), (1, draw.segment)))
