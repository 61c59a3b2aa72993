"""An item goes if it is there; if not, the condition fails and the answer says so."""

from exchange import Request

function = "RemoveUser"


def items(draw):
    return {"Users": [{"id": {"S": draw.segment()}} for _ in range(150)]}


def request(draw, items):
    key = draw.one((9, draw.choice(items["Users"])["id"]["S"]), (2, draw.segment), (0.2, "x" * 2049))
    return Request("DELETE", f"/users/{key}")
