"""Requests with a JSON body: as it should be, with fields missing or of other types, and no JSON at all."""

from exchange import Request

JSON = {"Content-Type": "application/json"}
NUMBERS = ["0", "7", "-1", "1.5", "19.99", "1e2"]
LONG = ["123456789012345678901234567890", "0.1234567890123456789"]


def request(draw, path, fields, method="POST"):
    """A request whose body has the fields, or most of them. Labels say what is odd about it."""

    def sent(body, label="", headers=JSON):
        return Request(method, path, [], headers, body, label)

    return draw.one(
        (12, lambda: sent(draw.json(fields))),
        (1, lambda: sent(draw.json(fields), headers={})),
        (1, lambda: sent(draw.json(fields), headers={"content-type": "application/json; charset=utf-8"})),
        (1, lambda: sent(draw.json({**fields, "other": draw.text()}))),
        (1, lambda: sent(altered(draw, fields, [""]))),
        (2, lambda: sent(without(draw, fields), "missing")),
        (1, lambda: sent(draw.choice(["[]", "[1]", "5", '"text"', "true", "{}"]), "no object")),
        (0.3, lambda: sent("null", "null as body")),
        (1, lambda: sent(altered(draw, fields, [None]), "null")),
        (1, lambda: sent(altered(draw, fields, [True, False]), "boolean")),
        (2, lambda: sent(number(draw, fields, NUMBERS), "number")),
        (0.5, lambda: sent(number(draw, fields, LONG), "long")),
        (0.3, lambda: sent(number(draw, fields, ["1e400"]), "endless")),
        (0.5, lambda: sent(altered(draw, fields, [{"a": [1]}, [], {}, ["x"]]), "nested")),
        (0.5, lambda: sent(twice(draw, fields))),
        (0.5, lambda: sent(draw.choice(["id=1", "{", '{"a": NaN}']), "no JSON")),
        (0.3, lambda: sent(None, "no body")),
        (0.3, lambda: sent(draw.json(fields), "other type", {"Content-Type": "text/plain"})),
    )


def without(draw, fields):
    gone = draw.choice(sorted(fields))
    return draw.json({name: value for name, value in fields.items() if name != gone})


def altered(draw, fields, values):
    return draw.json({**fields, draw.choice(sorted(fields)): draw.choice(values)})


def number(draw, fields, numbers):
    """JSON text with a number in the place of one field, digit for digit."""
    return altered(draw, fields, ["@number@"]).replace('"@number@"', draw.choice(numbers))


def twice(draw, fields):
    name = draw.choice(sorted(fields))
    return draw.json(fields).rstrip().removesuffix("}") + f', "{name}": "again"}}'


def opaque(draw, path, method="POST"):
    """A request whose body is handed on as it is: JSON, texts that are none, or nothing."""
    value = {draw.text(): draw.choice([draw.text(), 1, 1.5, None, [], [draw.text()], {"a": draw.text()}])}

    def sent(body, label="", headers=JSON):
        return Request(method, path, [], headers, body, label)

    return draw.one(
        (12, lambda: sent(draw.json(value))),
        (1, lambda: sent(draw.json(value), headers={})),
        (1, lambda: sent(draw.choice(["[]", "5", '"it\'s"', "null", "{}", " {} "]))),
        (1, lambda: sent('{"a": "\\"\\\\ \\u00e9 \\/ \'", "b": 1.10, "c": 1E2, "a": 2}')),
        (1, lambda: sent(draw.choice(["a=1&b=2", "{", "it's", "a+b %20 é", "$x #set"]))),
        (0.3, lambda: sent(None, "no body")),
        (0.3, lambda: sent(draw.json(value), "other type", {"Content-Type": "text/plain"})),
    )
