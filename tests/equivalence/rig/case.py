"""A case: an application, how it is refactored, and what is asked of it before and after.

A folder with a `case.py`, which says:

    function    the logical id of the function that `slslint refactor` takes
    app         a folder of the repository with the application, if it is not the folder itself
    items       (draw) -> items in DynamoDB JSON by the logical id of their table, there before the first request
    request     (draw, items) -> an `exchange.Request`; `exchange.run` makes one that runs a state machine
    known       by label of a request: why its answer may differ
    refused     a part of what slslint says where it leaves the application as it is

and perhaps a folder `refactored`, which stands for what slslint writes.
"""

import importlib.util
import shutil
import subprocess
from filecmp import cmp
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
        self.request = module.request
        self.items = getattr(module, "items", lambda draw: {})
        self.known = getattr(module, "known", {})
        self.refused = getattr(module, "refused", None)
        self.app = ROOT / module.app if hasattr(module, "app") else folder

    def folders(self, slslint, work):
        """Copies of the application as it is and as it becomes; both alike without slslint. Raises `Refused`."""
        before, after = work / "before", work / "after"
        for copy in (before, after):
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(self.app, copy, ignore=shutil.ignore_patterns("case.py", "refactored", "__pycache__"))
        if not slslint:
            return before, after
        written = self.folder / "refactored"
        if written.exists():
            shutil.copytree(written, after, dirs_exist_ok=True)
            return before, after
        refactor(slslint, self.function, before, after)
        return before, after


def refactor(slslint, target, before, after):
    """Lets slslint write; `after` is a copy of `before`."""
    done = subprocess.run([slslint, "refactor", target, "--write"], cwd=after, capture_output=True, text=True)
    if done.returncode != 0 or unchanged(before, after):
        raise Refused((done.stdout + done.stderr).strip())


def unchanged(before, after):
    files = {path.relative_to(folder) for folder in (before, after) for path in folder.rglob("*") if path.is_file()}
    return all((before / one).exists() and (after / one).exists() and cmp(before / one, after / one, False) for one in files)


class Refused(Exception):
    """slslint does not refactor the function."""


def all_in(only):
    """The cases of all refactorings whose name holds one of some words."""
    found = [Case(script.parent) for script in sorted(CASES.glob("*/*/case.py"))]
    return [case for case in found if not only or any(word in case.name for word in only)]
