"""Three fields of an item under names of their own; one of them may be missing, one must be there."""

from exchange import Request

function = "GetProfile"


def items(draw):
    return {"Profiles": [profile(draw) for _ in range(60)]}


def profile(draw):
    given = {"id": {"S": draw.segment()}}
    if draw.random() < 0.9:
        given["name"] = draw.value(2, ("S", "BOOL", "NULL"))
    if draw.random() < 0.5:
        given["motto"] = {"S": draw.text()}
    return {"other": draw.value(1), **given}


def request(draw, items):
    profile = draw.choice(items["Profiles"])
    return Request("GET", "/profiles/" + draw.one((8, profile["id"]["S"]), (1, draw.segment)))
