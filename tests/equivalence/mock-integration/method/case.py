"""A fixed answer of a method that is a resource of its own."""

from exchange import Request

function = "Health"


def request(draw, items):
    headers = draw.choice([{}, {"Content-Type": "application/json"}, {"Accept": "application/json"}, {"Accept": "*/*"}])
    return Request("GET", draw.choice(["/health", "/health/"]), draw.choice([[], [("a", draw.text())]]), headers)
