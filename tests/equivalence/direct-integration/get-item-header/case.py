"""A key from a header, and fields of an item that JavaScript leaves out where they are missing."""

from exchange import Request

function = "GetSession"
known = {"other case": "whether a mapping finds a header that is spelled in another case is not documented"}


def items(draw):
    return {"Sessions": [session(draw) for _ in range(60)]}


def session(draw):
    given = {"id": {"S": draw.text(empty=False) + str(draw.randint(0, 10**9))}, "user": {"S": draw.text()}}
    if draw.random() < 0.7:
        given["roles"] = {"L": [{"S": draw.text()} for _ in range(draw.randint(0, 3))]}
    return given


def request(draw, items):
    key = draw.one((8, draw.choice(items["Sessions"])["id"]["S"]), (2, draw.text))
    if draw.random() < 0.05:
        return Request("GET", "/session", headers={"x-session": key}, label="other case")
    return Request("GET", "/session", headers=draw.one((15, {"X-Session": key}), (1, {})))
