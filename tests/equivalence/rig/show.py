"""What is said of how a case went."""

EXAMPLES = 4
WIDTH = 300


def outcome(case, outcome, seconds):
    """A line for a case, with examples of what differs, and whether nothing does that is not known."""
    good = not (outcome.different or outcome.doubtful)
    statuses = ", ".join(f"{count} x {status}" for status, count in sorted(outcome.statuses.items()))
    same = outcome.requests - len(outcome.different) - sum(outcome.expected.values())
    lines = [f"{'same' if good else 'DIFFERENT'} {case.name}: {same} of {outcome.requests} ({statuses}; {seconds:.0f} s)"]
    for label, count in sorted(outcome.expected.items()):
        lines.append(f"    known: {count} x {label}: {case.known[label]}")
    for label in sorted(case.known.keys() - outcome.expected.keys()):
        lines.append(f"    not seen: {label}: {case.known[label]}")
    for request, what, before, after in outcome.different[:EXAMPLES]:
        lines += example(what, asked=request, before=before, after=after)
    for template, (blank, stock) in outcome.doubtful.items():
        what = "a template depends on how a reference to nothing is read"
        lines += example(what, template=template, blank=blank, stock=stock)
    return "\n".join(lines), good


def example(what, **shown):
    lines = [f"    {what}"] + [f"        {name}: {value}" for name, value in shown.items()]
    return [line.replace("\n", " ")[:WIDTH] for line in lines]


def refused(case, why):
    """What is said of a case that slslint does not refactor: it passes if that was expected."""
    if case.refused is not None and case.refused in why:
        return f"refused {case.name}: {why.splitlines()[0]}", True
    return f"REFUSED {case.name}: {why}", False
