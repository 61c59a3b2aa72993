"""The last items under a key, with their number, in an object."""

from exchange import Request

function = "ListMessages"


def items(draw):
    rooms = [draw.segment() for _ in range(40)]
    sizes = [draw.choice([1, 2, 12]) for _ in rooms]
    return {"Messages": [message(draw, room, at) for room, size in zip(rooms, sizes) for at in range(size)]}


def message(draw, room, at):
    given = {"room": {"S": room}, "at": {"S": f"{at:02}"}, "likes": {"N": str(at)}}
    return draw.item(2, ("S", "BOOL", "NULL"), **given)


def request(draw, items):
    room = draw.one((8, draw.choice(items["Messages"])["room"]["S"]), (2, draw.segment))
    return Request("GET", f"/rooms/{room}/messages")
