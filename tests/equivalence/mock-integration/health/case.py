"""A fixed answer with values of all types."""

from exchange import Request

function = "Health"


def request(draw, items):
    headers = draw.choice([{}, {"Content-Type": "application/json"}, {"Accept": "application/json"}, {"Accept": "*/*"}])
    return Request("GET", draw.choice(["/health", "/health/"]), draw.choice([[], [("a", draw.text())]]), headers)
