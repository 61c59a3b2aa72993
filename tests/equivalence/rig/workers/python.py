"""Runs a Python handler: an event a line in, {"returned": JSON text} or {"kind", "message"} a line out."""

import importlib
import json
import os
import sys

from awslambdaric.lambda_runtime_marshaller import to_json


class Context:
    function_name = "function"
    function_version = "$LATEST"
    memory_limit_in_mb = 128
    aws_request_id = "00000000-0000-4000-8000-000000000000"
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:function"

    def get_remaining_time_in_millis(self):
        return 3000


def main():
    # What a handler prints goes to the log, not among the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    sys.path.insert(0, os.getcwd())
    module, name = sys.argv[1].rsplit(".", 1)
    handler = getattr(importlib.import_module(module.replace("/", ".")), name)
    for line in sys.stdin:
        try:
            answer = {"returned": to_json(handler(json.loads(line), Context()))}
        except Exception as error:
            answer = {"kind": type(error).__name__, "message": str(error)}
        print(json.dumps(answer), file=answers, flush=True)


main()
