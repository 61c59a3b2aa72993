"""A case: an application, how it is refactored, and what is asked of it before and after.

A folder with a `case.py`, which says:

    function    the logical id of the function that `slslint refactor` takes
    app         a folder of the repository with the application, if it is not the folder itself
    machine     the logical id of a state machine, if that is what is asked
    items       (draw) -> items in DynamoDB JSON by the logical id of their table, there before the first request
    request     (draw, items) -> an `exchange.Request`, or the input of the state machine
    known       by label of a request: why its answer may differ

and perhaps a folder `refactored`, which stands for what slslint writes.
"""

import importlib.util
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[3]
CASES = ROOT / "tests/equivalence"


class Case:
    def __init__(self, folder):
        self.name = str(folder.relative_to(CASES))
        self.folder = folder
        said = importlib.util.spec_from_file_location(self.name, folder / "case.py")
        module = importlib.util.module_from_spec(said)
        said.loader.exec_module(module)
        self.function = module.function
        self.machine = getattr(module, "machine", None)
        self.request = module.request
        self.items = getattr(module, "items", lambda draw: {})
        self.known = getattr(module, "known", {})
        self.app = ROOT / module.app if hasattr(module, "app") else folder

    def refactored(self, slslint, work):
        """Copies of the application as it is and as it becomes; raises `Refused`."""
        before, after = work / "before", work / "after"
        for copy in (before, after):
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(self.app, copy, ignore=shutil.ignore_patterns("case.py", "refactored", "__pycache__"))
        written = self.folder / "refactored"
        if written.exists():
            shutil.copytree(written, after, dirs_exist_ok=True)
            return before, after
        command = [str(slslint), "refactor", self.function, "--write"]
        done = subprocess.run(command, cwd=after, capture_output=True, text=True)
        if done.returncode != 0:
            raise Refused((done.stdout + done.stderr).strip())
        return before, after


class Refused(Exception):
    """slslint does not refactor the function."""


def all_in(only):
    """The cases of all refactorings whose name holds one of some words."""
    found = [Case(script.parent) for script in sorted(CASES.glob("*/*/case.py"))]
    return [case for case in found if not only or any(word in case.name for word in only)]
