"""The items under a key made of a prefix and a part of the path, whose second key has a prefix."""

from exchange import Request

function = "ListDocuments"
# The rule holds that it needs the function: it puts a text together.
refused = ""


def items(draw):
    users = [draw.segment() for _ in range(30)]
    return {"Documents": [document(draw, user, at) for user in users for at in range(draw.choice([1, 2, 8]))]}


def document(draw, user, at):
    kind = draw.choice(["DOC#", "DOC#", "PROFILE#"])
    return draw.item(3, pk={"S": f"USER#{user}"}, sk={"S": f"{kind}{at}{draw.text()}"})


def request(draw, items):
    user = draw.choice(items["Documents"])["pk"]["S"].removeprefix("USER#")
    return Request("GET", f"/users/{draw.one((8, user), (1, draw.segment))}/documents")
