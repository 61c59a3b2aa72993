"""Holds slslint against the oracle: oracle.py SLSLINT ORACLE_DIR.

Prints precision and recall per kind of fact, how many of the errors that can be seen in a template are
reported at the resource they name, and the error-severity findings on templates that are accepted.
Exit status 1 where a figure is below its minimum.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

# The kinds a user relies on; what is not named here has the lower minimum.
FIRM = {"functions", "apis", "routes", "event_sources", "permissions", "managed_policies", "state_machines",
        "tables", "layers", "connectors"}
FIRM_MINIMUM, OTHER_MINIMUM, ERRORS_MINIMUM = 0.99, 0.97, 0.70
# Fewer facts than this say little as a share: one fact would decide.
ENOUGH = 20
VISIBLE = {"cross_property", "cross_resource", "document"}


def main(slslint, oracle):
    failures = graphs(slslint, oracle) + errors(slslint, oracle)
    for failure in failures:
        print("below its minimum:", failure)
    return 1 if failures else 0


def graphs(slslint, oracle):
    with tempfile.TemporaryDirectory() as folder:
        for template in sorted((oracle / "templates").iterdir()):
            run = subprocess.run([slslint, "graph", "--no-cache", template], capture_output=True, check=False)
            (Path(folder) / f"{template.stem}.json").write_bytes(run.stdout)
        figures = Path(folder) / "figures"
        compare = [sys.executable, oracle / "compare.py", folder, "--worst", "5", "--json", figures]
        print(subprocess.run(compare, capture_output=True, text=True, check=True).stdout)
        rows = json.loads(figures.read_text())["rows"]
    failures = []
    for kind, row in rows.items():
        minimum = FIRM_MINIMUM if kind.split(" ")[0].split(".")[0] in FIRM else OTHER_MINIMUM
        for name in ("precision", "recall"):
            if max(row["facts"], row["emitted"]) >= ENOUGH and (row[name] or 0) < minimum:
                failures.append(f"{name} of {kind}: {row[name]}")
    return failures


def findings(slslint, template):
    command = [slslint, "check", "--no-cache", "--format", "json", template]
    output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [finding for finding in json.loads(output)["findings"] if finding["severity"] == "error"]


def errors(slslint, oracle):
    known = json.loads((oracle / "errors.json").read_text())
    seen = total = 0
    for template in known["templates"]:
        wanted = [error for error in template["errors"]
                  if error["class"] == "should_report" and error["difficulty"] in VISIBLE]
        if not wanted:
            continue
        found = findings(slslint, oracle / "error_templates" / f"{template['template']}.yaml")
        named = {name for finding in found for name in [*finding["functions"], finding["resource"]]}
        for error in wanted:
            resource = error["at"]["resource"]
            hit = bool(found) if resource is None else resource in named
            seen, total = seen + hit, total + 1
            if not hit:
                print(f"not reported: {template['template']}: {resource}: {error['message'][:100]}")
    print(f"errors that a template shows, reported at the resource they name: {seen} of {total}")
    false = 0
    for name, flaws in known["accepted"].items():
        path = oracle / "templates" / f"{name}.yaml"
        if flaws or not path.exists():
            continue
        for finding in findings(slslint, path):
            false += 1
            print(f"false error: {name}: {finding['rule']}: {finding['message']}")
    print(f"error-severity findings on accepted templates: {false}")
    failures = [f"errors reported: {seen} of {total}"] if seen < ERRORS_MINIMUM * total else []
    return failures + ([f"{false} false errors"] if false else [])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
