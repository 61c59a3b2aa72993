"""The programs that stand for AWS on one side: DynamoDB in dynalite, everything else in moto."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from names import ACCOUNT, REGION

HERE = Path(__file__).parent
PATIENCE = 60
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "example",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_EC2_METADATA_DISABLED": "true",
    # Emulators have no hosts of their own for some of their operations.
    "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
}


class Emulators:
    """The emulators of one side. `lambdas` is the port where its functions answer."""

    def __init__(self, cache, lambdas):
        self.tables, self.rest = free_port(), free_port()
        self.environment = {
            **CREDENTIALS,
            "AWS_ENDPOINT_URL": self.address("sqs"),
            "AWS_ENDPOINT_URL_DYNAMODB": self.address("dynamodb"),
        }
        dynalite = cache / "node_modules/.bin/dynalite"
        quick = ["--createTableMs", "0", "--deleteTableMs", "0", "--updateTableMs", "0"]
        self.programs = [
            start([dynalite, "--host", "127.0.0.1", "--port", str(self.tables), *quick], self.environment),
            start(
                [sys.executable, HERE / "moto_server.py", str(self.rest)],
                {**self.environment, "LAMBDA_ENDPOINT": f"http://127.0.0.1:{lambdas}", "MOTO_ACCOUNT_ID": ACCOUNT},
            ),
        ]

    def wait(self):
        for port, program in zip((self.tables, self.rest), self.programs):
            wait_for(port, program)

    def address(self, service):
        return f"http://127.0.0.1:{self.tables if service == 'dynamodb' else self.rest}"

    def queue(self, name):
        return f"{self.address('sqs')}/{ACCOUNT}/{name}"

    def close(self):
        for program in self.programs:
            program.kill()
            program.wait()


def start(command, environment):
    quiet = None if os.environ.get("EQUIVALENCE_LOG") else subprocess.DEVNULL
    return subprocess.Popen(
        [str(part) for part in command], env={**os.environ, **environment}, stdout=quiet, stderr=quiet
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, program):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and program.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{program.args[0]} does not listen on port {port}")
