"""A fixed answer whose text means something in the language of templates."""

from exchange import Request

function = "Health"
refused = "has `$` or `#`"


def request(draw, items):
    headers = draw.choice([{}, {"Content-Type": "application/json"}, {"Accept": "application/json"}, {"Accept": "*/*"}])
    return Request("GET", draw.choice(["/health", "/health/"]), draw.choice([[], [("a", draw.text())]]), headers)
