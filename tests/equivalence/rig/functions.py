"""The functions of a stack, each in a worker that runs its handler as Lambda would."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

WORKERS = Path(__file__).parent / "workers"
# Sets print in one order, and an old Node does not complain.
STEADY = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "NODE_NO_WARNINGS": "1"}


class Functions:
    """Workers by the name of the function, started when they are first asked."""

    def __init__(self, stack, environment):
        self.stack = stack
        self.environment = environment
        self.workers = {}

    def invoke(self, name, event):
        """What the function returns as JSON text, or the error that it raises."""
        if name not in self.workers:
            self.workers[name] = Worker(*self.stack.function(name), self.environment)
        return self.workers[name].invoke(event)

    def close(self):
        for worker in self.workers.values():
            worker.close()


class Failed(Exception):
    """The handler raised an error; `kind` is its name."""

    def __init__(self, kind, message):
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message


class Worker:
    def __init__(self, folder, handler, runtime, variables, environment):
        if runtime.startswith("python"):
            command = [sys.executable, str(WORKERS / "python.py"), handler]
        else:
            command = ["node", str(WORKERS / "node.mjs"), handler]
        self.turn = threading.Lock()
        self.program = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **STEADY, **environment, **{key: str(value) for key, value in variables.items()}},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def invoke(self, event):
        with self.turn:
            self.program.stdin.write(json.dumps(event) + "\n")
            self.program.stdin.flush()
            answer = json.loads(self.program.stdout.readline() or '{"kind": "Ended", "message": "the worker ended"}')
        if "kind" in answer:
            raise Failed(answer["kind"], answer["message"])
        return answer["returned"]

    def close(self):
        self.program.stdin.close()
        self.program.wait(10)
