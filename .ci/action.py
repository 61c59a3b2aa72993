"""Executes the shell steps of the action as GitHub does, with what it would put in their environment.

    python3 .ci/action.py path/to/slslint

`cargo install` is stood in for by a script that puts the given program where the step asks for it, so that
nothing is built. Needs the package ruamel.yaml.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from ruamel.yaml import YAML

SLSLINT = Path(sys.argv[1]).resolve()
ROOT = Path(__file__).resolve().parent.parent
ACTION = YAML(typ="safe").load((ROOT / "action.yml").read_text())

CARGO = f"""#!/usr/bin/env bash
[ "$1" = install ] || exit 64
while [ "$1" != --root ]; do shift; done
mkdir -p "$2/bin" && cp {SLSLINT} "$2/bin/slslint"
"""


def run(project, given):
    """The status of the last step that ran, and what it wrote: output, summary, log."""
    with tempfile.TemporaryDirectory() as folder:
        temp = Path(folder)
        (temp / "path").mkdir()
        (temp / "path/cargo").write_text(CARGO)
        (temp / "path/cargo").chmod(0o755)
        inputs = {name: one.get("default", "") for name, one in ACTION["inputs"].items()} | given
        known = {"github.action_path": str(ROOT), "runner.temp": folder}
        known |= {f"inputs.{name}": value for name, value in inputs.items()}
        files = {"GITHUB_OUTPUT": temp / "output", "GITHUB_STEP_SUMMARY": temp / "summary"}
        for path in files.values():
            path.touch()
        log = ""
        for step in (step for step in ACTION["runs"]["steps"] if "run" in step):
            own = {
                name: re.sub(r"\$\{\{ (\S+) \}\}", lambda match: known[match[1]], str(value))
                for name, value in step.get("env", {}).items()
            }
            env = os.environ | {name: str(path) for name, path in files.items()} | own
            env["PATH"] = f"{temp / 'path'}{os.pathsep}{env['PATH']}"
            script = temp / "step.sh"
            script.write_text(step["run"])
            shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", script]
            done = subprocess.run(shell, cwd=project, env=env, capture_output=True, text=True, check=False)
            log += done.stdout + done.stderr
            if done.returncode != 0:
                break
        output = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
        sarif = Path(output.get("sarif", "/none"))
        results = json.loads(sarif.read_text())["runs"][0]["results"] if sarif.is_file() else None
        return done.returncode, results, files["GITHUB_STEP_SUMMARY"].read_text(), log


def main():
    shop = ROOT / "corpus/apps/shop"
    status, results, summary, log = run(shop, {})
    assert status == 1, f"warnings fail by default, but the step ended with {status}\n{log}"
    assert results and "pass-through-function" in {result["ruleId"] for result in results}, log
    assert "pass-through-function" in summary and "```mermaid" in summary, summary[:500]
    assert "::warning " in log, log

    status, results, _, log = run(shop, {"fail-on": "error", "args": "--no-cache --ignore structure"})
    assert status == 0, log
    assert results is not None and "pass-through-function" not in {result["ruleId"] for result in results}

    status, results, _, log = run(shop, {"args": "--ignore no-such-rule"})
    assert status == 2 and results is None and "no-such-rule" in log, log
    print("the steps of the action do what they say")


main()
