"""A text of the input goes to a topic, the output is made anew, in a machine with JSONata and a second step."""

from exchange import run

function = "Announce"
known = {"other type": "the error has another name; nothing in the machine catches it"}


def request(draw, items):
    news = {"id": draw.choice(["a", "b", "it's", '"']), "text": draw.text(empty=False)}
    return draw.one(
        (9, lambda: run("Flow", news)),
        (1, lambda: run("Flow", {**news, "text": draw.choice([5, None, True, [], ""])}, "other type")),
    )
