"""What differs between the answers of two sides, and between what they keep."""

from collections import Counter

from told import MADE_UP, meaning

# API Gateway makes these itself, or the difference is not one that a client acts on.
UNSEEN = {"content-length", "date", "connection", "x-amzn-requestid"}


def answers(before, after):
    """The first difference, as a text, or None. Identifiers that are made up on each call are alike."""
    if before.status != after.status:
        return f"status {before.status} became {after.status}"
    if not alike(before.body, after.body):
        return "body"
    told = {name.lower(): value for name, value in after.headers.items()}
    for name, value in before.headers.items():
        if name.lower() not in UNSEEN and squeezed(told.get(name.lower())) != squeezed(value):
            return f"header {name}"
    return None


def squeezed(value):
    return value and value.replace(" ", "").lower()


def alike(one, other):
    one, other = (MADE_UP.sub("(made up)", text) for text in (one, other))
    return one == other or (meaning(one) == meaning(other) is not None)


def changes(earlier, later):
    """What came to and went from each store between two looks."""
    found = {}
    for name, now in later.items():
        if isinstance(now, dict):
            for store, content in now.items():
                then = earlier.get(name, {}).get(store, []) if name == "items" else []
                found[name, store] = change(then, content)
    return found


def change(earlier, later):
    then, now = Counter(map(repr, earlier)), Counter(map(repr, later))
    return sorted((now - then).elements()), sorted((then - now).elements())


def stores(before, after):
    """The first store whose change differs, as a text, or None."""
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            kind, name = key
            return f"{kind} of {name}: {before.get(key)} became {after.get(key)}"
    return None
