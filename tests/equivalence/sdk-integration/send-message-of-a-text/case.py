"""The same as `send-message`, where the definition is a text of the template under a role of its own."""

from exchange import run

function = "Notify"
known = {"other type": "the error has another name; nothing in the machine catches it"}


def request(draw, items):
    return draw.one(
        (9, lambda: run("Flow", {"text": draw.text(empty=False), "more": [draw.text()]})),
        (1, lambda: run("Flow", {"text": draw.choice([5, None, True, [], ""])}, "other type")),
    )
