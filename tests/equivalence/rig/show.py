"""Prints how a case went."""

EXAMPLES = 5
WIDTH = 300


def outcome(case, outcome, doubtful, seconds):
    """A line for a case, and examples of what differs. True if nothing does that is not known."""
    gone = [label for label in case.known if not outcome.expected[label]]
    good = not (outcome.different or doubtful or gone)
    statuses = ", ".join(f"{count} x {status}" for status, count in sorted(outcome.statuses.items()))
    same = outcome.requests - len(outcome.different) - sum(outcome.expected.values())
    print(f"{'same' if good else 'DIFFERENT'} {case.name}: {same} of {outcome.requests} ({statuses}; {seconds:.1f} s)")
    for label, count in sorted(outcome.expected.items()):
        print(f"    known: {count} x {label}: {case.known[label]}")
    for label in gone:
        print(f"    {label!r} differs no more: take it off the list of known differences")
    for request, what, before, after in outcome.different[:EXAMPLES]:
        print(f"    {what}".replace("\n", " ")[:WIDTH])
        for name, value in (("asked", request), ("before", before), ("after", after)):
            print(f"        {name}: {value}".replace("\n", " ")[:WIDTH])
    for template, (blank, stock) in doubtful.items():
        print("    a template depends on how missing references are read")
        for name, value in (("template", template), ("blank", blank), ("stock", stock)):
            print(f"        {name}: {value}".replace("\n", " ")[:WIDTH])
    return good
