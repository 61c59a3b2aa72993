"""All items of a small table, or as many as one call may answer."""

from exchange import Request

function = "ListTags"


def items(draw):
    return {"Tags": [draw.item(3, name={"S": draw.text(empty=False) + str(at)}) for at in range(40)]}


def request(draw, items):
    return Request("GET", "/tags", draw.choice([[], [("limit", "1")], [("it's", '"')]]))
