"""The test is tested: faults put into an integration must show."""

import importlib.util
import json

from trial import Trial

# Enough to meet what is rare.
REQUESTS = 200


def has(case):
    return (case.folder / "mutations.py").exists()


def run(case, sides, folders, asked):
    """True if each fault of the case shows as a difference."""
    described = importlib.util.spec_from_file_location("mutations", case.folder / "mutations.py")
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    missed = []
    for name, (old, new) in module.FAULTS.items():
        trial = Trial(case, sides, folders, asked.seed, lambda resources: replaced(resources, old, new))
        if not trial.run(max(asked.requests, REQUESTS), until=1).different:
            missed.append(name)
    print(f"    {len(module.FAULTS) - len(missed)} of {len(module.FAULTS)} faults were seen")
    for name in missed:
        print(f"    MISSED: {name}")
    return not missed


def replaced(resources, old, new):
    """Resources with a text replaced in every string below the APIs."""
    found = []

    def walk(node):
        if isinstance(node, dict):
            return {key: walk(value) for key, value in node.items()}
        if isinstance(node, list):
            return [walk(value) for value in node]
        if isinstance(node, str) and old in node:
            found.append(node)
            return node.replace(old, new)
        return node

    changed = {
        name: walk(resource) if resource["Type"].startswith("AWS::ApiGateway::") else resource
        for name, resource in resources.items()
    }
    if not found:
        raise ValueError(f"there is no {json.dumps(old)} to replace")
    return changed
