"""A message is sent if two fields are as they should be; the definition is one of OpenAPI 3."""

import bodies

function = "Enqueue"
known = {
    "no body": "what is no JSON object is turned down like other bad bodies",
    "no JSON": "what is no JSON object is turned down like other bad bodies",
    "null as body": "what is no JSON object is turned down like other bad bodies",
    "long": "the function rounds numbers to what a double holds, the mapping keeps their digits",
    "other type": "the gateway refuses other types of content",
}


def request(draw, items):
    return bodies.request(draw, "/jobs", {"name": draw.text(), "note": draw.text()})
