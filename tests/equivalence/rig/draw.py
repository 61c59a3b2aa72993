"""Draws texts, numbers, values and items, most of them hostile; the same ones for the same seed."""

import json
import random

PLAIN = ["plain", "two words", "a-b_c.d~e", "1", "0", "007", "null", "true", "1e5", "x" * 300]
HOSTILE = [
    "",
    " ",
    "it's",
    'say "hi"',
    "'",
    '"',
    "back\\slash",
    "\\",
    "\\'",
    "\\\\'",
    '\\"',
    "\\u0041",
    "a/b",
    "é",
    "漢字",
    "😀",
    "\u2028\u2029",
    "tab\tnew\nline\rreturn",
    "\u0001\u001f\u007f\u0080",
    "<b>&amp;</b>",
    "$input.params('id')",
    "$!x ${x} $!{x}",
    "#set($x = 1)$x",
    "#foreach",
    "## nothing",
    "#*nothing*#",
    "{}",
    '"}, "Key": {"id": {"S": "other',
    '{"S": 1}',
    "a=b&c=d;e",
    "%2B+%20",
    "100%",
    "$.id",
]
# What can stand in a path as it travels: percent-encoded, and some that careless clients leave as they are.
SEGMENTS = [
    "plain",
    "a-b_c.d~e",
    "it's",
    "'",
    'q"uote',
    "back\\slash",
    "\\'",
    "a+b@example.com",
    "a%2Bb",
    "%22q%22",
    "%27",
    "%5C",
    "%E6%BC%A2",
    "%F0%9F%98%80",
    "%0A",
    "$x",
    "${x}",
    "$input.body",
    "(a)",
    "[b]",
    "{c}",
    "a,b;c=d&e",
    "é漢😀",
    "<b>",
    "1e5",
    "007",
    "null",
]
WHOLE = ["0", "1", "-1", "42", "100000", "1000000000000", "99999999999999999999999999999999999999"]
FRACTIONS = ["1.5", "19.99", "-0.001", "0.000001", "123456789.123456789", "12345678901234567890.123456789"]
NAMES = ["a", "b", "name", "x y", "it's", 'd"q', "back\\", "é", "class", "empty", "size", "keySet", "$k", "items", "S", "N", "M"]
KINDS = ("S", "S", "S", "N", "N", "BOOL", "NULL")


class Draw(random.Random):
    """`count` makes keys that are drawn once only."""

    def __init__(self, seed):
        super().__init__(seed)
        self.count = 0

    def one(self, *weighted):
        """One of (weight, value); a value that can be called is."""
        value = self.choices([value for _, value in weighted], [weight for weight, _ in weighted])[0]
        return value() if callable(value) else value

    def text(self, empty=True):
        some = self.choice(HOSTILE if self.random() < 0.6 else PLAIN)
        if self.random() < 0.3:
            some += self.choice(HOSTILE)
        return some if some or empty else "filled"

    def segment(self):
        """A part of a path that no other draw gives."""
        self.count += 1
        return f"{self.choice(SEGMENTS)}{self.choice(['', self.choice(SEGMENTS)])}~{self.count}"

    def number(self, fractions=True):
        return self.choice(WHOLE + FRACTIONS if fractions else WHOLE)

    def value(self, depth=3, kinds=KINDS, nested=("L", "M"), fractions=True):
        """A value in DynamoDB JSON."""
        kind = self.choice(kinds + nested if depth else kinds)
        if kind == "L":
            return {"L": [self.value(depth - 1, kinds, nested, fractions) for _ in range(self.randint(0, 4))]}
        if kind == "M":
            names = {self.choice(NAMES) for _ in range(self.randint(0, 4))}
            return {"M": {name: self.value(depth - 1, kinds, nested, fractions) for name in sorted(names)}}
        drawn = {
            "S": self.text,
            "N": lambda: self.number(fractions),
            "BOOL": lambda: self.random() < 0.5,
            "NULL": lambda: True,
            "SS": lambda: ["a", "b'"],
            "NS": lambda: ["1", "2.5"],
            "B": lambda: b"\x00\xff",
        }
        return {kind: drawn[kind]()}

    def item(self, depth=3, kinds=KINDS, nested=("L", "M"), fractions=True, **given):
        """An item in DynamoDB JSON with what is given, and up to five attributes more."""
        drawn = {self.choice(NAMES): self.value(depth, kinds, nested, fractions) for _ in range(self.randint(0, 5))}
        return {**{key: value for key, value in drawn.items() if key not in given}, **given}

    def json(self, value):
        """JSON text, spaced and escaped in one way or another."""
        style = self.choice([{}, {"indent": 2}, {"separators": (",", ":")}])
        return json.dumps(value, ensure_ascii=self.random() < 0.5, **style)
