"""A counter goes up; the answer is the item as it is then."""

from exchange import Request

function = "Vote"


def items(draw):
    def item():
        given = {"id": {"S": draw.segment()}, "votes": {"N": draw.choice(["0", "41", "-3"])}}
        return draw.item(2, ("S", "BOOL", "NULL"), **given)

    return {"Polls": [item() for _ in range(30)]}


def request(draw, items):
    key = draw.one((4, draw.choice(items["Polls"])["id"]["S"]), (1, draw.segment))
    return Request("POST", f"/polls/{key}/votes")
