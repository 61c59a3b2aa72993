"""Requests with a JSON body: as it should be, with fields missing or of other types, and no JSON at all."""

from exchange import Request

JSON = {"Content-Type": "application/json"}
NUMBERS = ["0", "7", "-1", "1.5", "19.99", "1e2", "123456789012345678901234567890", "0.1234567890123456789"]


def request(draw, path, fields, method="POST"):
    """A request whose body has the fields, or most of them."""
    return draw.one(
        (12, lambda: Request(method, path, [], JSON, draw.json(fields))),
        (1, lambda: Request(method, path, [], {}, draw.json(fields))),
        (1, lambda: Request(method, path, [], {"content-type": "application/json; charset=utf-8"}, draw.json(fields))),
        (1, lambda: Request(method, path, [], JSON, draw.json({**fields, "other": draw.text()}))),
        (2, lambda: Request(method, path, [], JSON, draw.json(without(draw, fields)))),
        (3, lambda: Request(method, path, [], JSON, draw.json(altered(draw, fields, [None, True, False, ""])))),
        (2, lambda: Request(method, path, [], JSON, number(draw, fields))),
        (1, lambda: Request(method, path, [], JSON, draw.choice(["[]", "[1]", "5", '"text"', "null", "true", "{}"]))),
        (0.5, lambda: Request(method, path, [], JSON, twice(draw, fields))),
        (0.5, lambda: nested(draw, method, path, fields)),
        (0.5, lambda: Request(method, path, [], JSON, draw.choice(["id=1", "{", '{"a": NaN}']), "no JSON")),
        (0.3, lambda: Request(method, path, [], JSON, None, "no body")),
        (0.3, lambda: Request(method, path, [], {"Content-Type": "text/plain"}, draw.json(fields), "other type")),
        (0.3, lambda: Request(method, path, [], JSON, number(draw, fields, ["1e400"]), "endless")),
    )


def nested(draw, method, path, fields):
    return Request(method, path, [], JSON, draw.json(altered(draw, fields, [{"a": [1]}, [], {}, ["x"]])), "nested")


def without(draw, fields):
    gone = draw.choice(sorted(fields))
    return {name: value for name, value in fields.items() if name != gone}


def altered(draw, fields, values):
    return {**fields, draw.choice(sorted(fields)): draw.choice(values)}


def number(draw, fields, numbers=NUMBERS):
    """JSON text with a number in the place of one field, digit for digit."""
    return draw.json(altered(draw, fields, ["@number@"])).replace('"@number@"', draw.choice(numbers))


def twice(draw, fields):
    name = draw.choice(sorted(fields))
    return draw.json(fields).rstrip().removesuffix("}") + f', "{name}": "again"}}'


def opaque(draw, path, method="POST"):
    """A request whose body is handed on as it is: JSON, texts that are none, or nothing."""
    value = {draw.text(): draw.choice([draw.text(), 1, 1.5, None, [], [draw.text()], {"a": draw.text()}])}
    return draw.one(
        (12, lambda: Request(method, path, [], JSON, draw.json(value))),
        (1, lambda: Request(method, path, [], {}, draw.json(value))),
        (1, lambda: Request(method, path, [], JSON, draw.choice(["[]", "5", '"it\'s"', "null", "{}", " {} "]))),
        (1, lambda: Request(method, path, [], JSON, '{"a": "\\"\\\\ \\u00e9 \\/ \'", "b": 1.10, "c": 1E2, "a": 2}')),
        (1, lambda: Request(method, path, [], JSON, draw.choice(["a=1&b=2", "{", "it's", "a+b %20 é", "$x #set"]))),
        (0.3, lambda: Request(method, path, [], JSON, None, "no body")),
        (0.3, lambda: Request(method, path, [], {"Content-Type": "text/plain"}, draw.json(value), "other type")),
    )
