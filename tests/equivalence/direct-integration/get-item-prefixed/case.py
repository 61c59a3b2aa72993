"""Keys made of a prefix and a part of the path, and an item inside of an object."""

from exchange import Request

function = "GetMember"
# The rule holds that it needs the function: it puts a text together.
refused = ""


def items(draw):
    return {"Members": [member(draw) for _ in range(60)]}


def member(draw):
    return draw.item(3, PK={"S": f"TEAM#{draw.segment()}"}, SK={"S": f"MEMBER#{draw.segment()}"})


def request(draw, items):
    found = draw.choice(items["Members"])
    team, member = (found[key]["S"].split("#", 1)[1] for key in ("PK", "SK"))
    return Request("GET", f"/teams/{team}/members/{draw.one((8, member), (1, draw.segment))}")
