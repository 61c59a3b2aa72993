"""Who connects is kept in a table; who cannot be kept is not let in."""

import sockets

function = "Come"


def request(draw, items):
    return sockets.come(draw.one((20, draw.text(empty=False)), (1, "x" * 2049)))
