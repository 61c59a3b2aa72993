"""A fixed answer for each method, with a header and without a body."""

import bodies
from exchange import Request

function = "Closed"
known = {"other type": "the gateway refuses other types of content"}


def request(draw, items):
    path = f"/old/{draw.segment()}"
    return draw.one((1, Request("GET", path)), (1, bodies.opaque(draw, path)))
