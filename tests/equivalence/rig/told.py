"""Texts that one side hands on, in a form that two sides can be compared in."""

import json
import re
from decimal import Decimal

MADE_UP = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def told(text, said):
    """A text that was handed on as it was said counts letter by letter, another one by its meaning."""
    if text == said:
        return text
    found = meaning(text)
    return MADE_UP.sub("(made up)", text if found is None else f"as JSON: {plain(found[0])}")


def meaning(text):
    """JSON with all digits of its numbers, in a list; None if it is none."""
    try:
        return [json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=int)]
    except ValueError:
        return None


def plain(value):
    """JSON text in one style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {plain(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(plain, value)) + "]"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else json.dumps(value)
