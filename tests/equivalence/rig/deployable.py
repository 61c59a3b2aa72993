"""Whether what slslint writes can be deployed to every environment: no error of the SAM translator, with any values that
parameters allow, and none of cfn-lint that was not there before."""

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from samtranslator.model.exceptions import InvalidDocumentException

import importing
import routes
import sockets
from case import ROOT, all_in, refactor, Refused
from emulators import CREDENTIALS
from stack import NAMES, Stack, parsed, template_in

CORPUS = ROOT / "tests/refactorings"


def main():
    os.environ.update(CREDENTIALS)
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    slslint = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as work:
        pairs = list(written(slslint, Path(work)))
        faults = translated(pairs) + linted(pairs) if pairs else []
    for fault in faults:
        print(fault)
    print(f"{len(pairs)} refactored templates, {len(faults)} faults")
    return 1 if faults else 0


def written(slslint, work):
    """Applications before and after, by name: those of tests/refactorings and those of the equivalence test."""
    corpus = [(f"refactorings/{one.parent.name}/{one.name}", one) for one in sorted(CORPUS.glob("*/*"))]
    asked = [(name, folder / "before", folder.parent.name) for name, folder in corpus]
    asked += [(case.name, case.app, case.function) for case in all_in([]) if not (case.folder / "refactored").exists()]
    for name, app, target in asked:
        before, after = work / name / "before", work / name / "after"
        for copy in (before, after):
            shutil.copytree(app, copy)
        try:
            refactor(slslint, target, before, after)
        except Refused:
            continue
        yield name, before, after


def translated(pairs):
    """What the translator says of the applications after, and what API Gateway would."""
    faults = []
    for name, _, after in pairs:
        for template in templates_in(after):
            for chosen in choices(template):
                try:
                    stack = Stack(template.parent, lambda queue: queue, chosen)
                    faults += [f"{name}: API Gateway: {fault}" for fault in importing.faults([*routes.of(stack), *sockets.of(stack)])]
                except (InvalidDocumentException, KeyError, ValueError) as error:
                    faults.append(f"{name}: the SAM translator: {template.parent.name} {chosen}: {error!r}")
    return faults


def choices(template):
    """Parameters and values of each environment: the defaults, and every other value that a parameter allows."""
    yield ()
    for name, given in parsed(template).get("Parameters", {}).items():
        for value in given.get("AllowedValues", []):
            if value != given.get("Default"):
                yield ((name, value),)


def templates_in(folder):
    """All templates of an application, which has several where it was split."""
    return [template_in(one) for one in (folder, *sorted(folder.rglob("*/"))) if any((one / name).exists() for name in NAMES)]


def linted(pairs):
    """Errors of cfn-lint that the applications did not have before."""
    templates = {
        str(template): (name, folder) for name, *both in pairs for folder in both for template in templates_in(folder)
    }
    program = Path(sys.executable).with_name("cfn-lint")
    command = [program, "--format", "json", "--non-zero-exit-code", "none", "-t", *templates]
    found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout or "[]")
    errors = {}
    for match in found:
        if match["Level"] == "Error":
            said = f"{match['Rule']['Id']}: {match['Message']}"
            errors.setdefault(templates[match["Filename"]], set()).add(said)
    faults = []
    for name, before, after in pairs:
        new = errors.get((name, after), set()) - errors.get((name, before), set())
        faults += [f"{name}: cfn-lint: {said}" for said in sorted(new)]
    return faults


if __name__ == "__main__":
    sys.exit(main())
