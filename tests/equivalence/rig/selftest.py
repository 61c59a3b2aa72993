"""The test is tested: faults put into an integration must show."""

import importlib.util
from functools import partial

from trial import Trial

# Enough to meet what is rare.
REQUESTS = 200
API = "AWS::ApiGateway::"
MACHINE = "AWS::StepFunctions::StateMachine"


def has(case):
    return (case.folder / "mutations.py").exists()


def run(case, sides, templates, folders, asked):
    """What is to be said of the faults of a case, and whether each shows as a difference."""
    described = importlib.util.spec_from_file_location("mutations", case.folder / "mutations.py")
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    missed = []
    for name, (old, new) in module.FAULTS.items():
        trial = Trial(case, sides, templates, folders, asked.seed, partial(replace, old=old, new=new))
        if not trial.run(max(asked.requests, REQUESTS), until=1).different:
            missed.append(name)
    lines = [f"    {len(module.FAULTS) - len(missed)} of {len(module.FAULTS)} faults were seen"]
    return "\n".join(lines + [f"    MISSED: {name}" for name in missed]), not missed


def replace(stack, old, new):
    """Replaces a text wherever it stands in the APIs and state machines of a stack."""
    found = []

    def replaced(node):
        if isinstance(node, dict):
            return {key: replaced(value) for key, value in node.items()}
        if isinstance(node, list):
            return [replaced(value) for value in node]
        if isinstance(node, str) and old in node:
            found.append(node)
            return node.replace(old, new)
        return node

    for name in stack.of(MACHINE):
        text = stack.machine(name)
        stack.resources[name] = {"Type": MACHINE, "Properties": {"DefinitionString": text}}
    for name, resource in stack.resources.items():
        if resource["Type"].startswith((API, MACHINE)):
            stack.resources[name] = replaced(resource)
    if not found:
        raise ValueError(f"there is no {old} to replace")
