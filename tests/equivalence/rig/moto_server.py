"""moto's server, with state machines really run, and those of Express workflows waited for.

Their calls of DynamoDB go to dynalite, those of functions to us; JSONata, for which moto has no engine, is
evaluated by one.
"""

import functools
import json
import os
import sys
import time
import uuid

import boto3
import jsonata
import moto.stepfunctions.parser.asl.jsonata.jsonata as expressions
import moto.stepfunctions.parser.asl.utils.boto_client as clients
from botocore.config import Config
from moto.core.config import default_user_config
from moto.core.responses import ActionResult
from moto.server import main

PORT = sys.argv[1]
ENDPOINTS = {"dynamodb": os.environ["AWS_ENDPOINT_URL_DYNAMODB"], "lambda": os.environ["LAMBDA_ENDPOINT"]}


def client_for(region, service, state_credentials=None):
    return client(region, service)


@functools.cache
def client(region, service):
    endpoint = ENDPOINTS.get(service, f"http://127.0.0.1:{PORT}")
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    return boto3.client(service, region_name=region, endpoint_url=endpoint, config=config)


def evaluate(expression):
    return jsonata.Jsonata(expression).evaluate(None)


def declared(bindings):
    """moto puts texts between quotes as they are; the engine takes an escaped pair for two letters."""
    return "".join(f"{name}:={json.dumps(value, ensure_ascii=False)};" for name, value in bindings.items())


# The interpreter takes these names when it is loaded, so it is loaded after.
clients.boto_client_for = client_for
expressions._eval_jsonata = evaluate
from moto.stepfunctions.parser.asl.eval import states, variable_store  # noqa: E402
from moto.stepfunctions.parser.models import StepFunctionsParserBackend  # noqa: E402
from moto.stepfunctions.responses import StepFunctionResponse  # noqa: E402

start_execution = StepFunctionsParserBackend.start_execution


def start_named(backend, state_machine_arn, name=None, *others, **more):
    """moto gives all executions without a name the same one."""
    return start_execution(backend, state_machine_arn, name or str(uuid.uuid4()), *others, **more)


def start_sync_execution(response):
    """Starts an execution and answers with its end."""
    given = [response._get_param(name, default) for name, default in (("stateMachineArn", None), ("name", None), ("input", "{}"))]
    execution = response.stepfunction_backend.start_execution(*given)
    while (status := getattr(execution.status, "value", execution.status)) == "RUNNING":
        time.sleep(0.005)
    ended = {
        "executionArn": execution.execution_arn,
        "stateMachineArn": given[0],
        "name": execution.name,
        "startDate": execution.start_date,
        "stopDate": execution.stop_date,
        "status": status,
        "input": execution.execution_input,
    }
    if status == "SUCCEEDED":
        output = execution.output
        ended["output"] = output if isinstance(output, str) else json.dumps(output)
    else:
        ended |= {"error": execution.error, "cause": execution.cause}
    return ActionResult(ended)


states.encode_jsonata_variable_declarations = declared
variable_store.encode_jsonata_variable_declarations = declared
StepFunctionsParserBackend.start_execution = start_named
StepFunctionResponse.start_sync_execution = start_sync_execution
default_user_config["stepfunctions"]["execute_state_machine"] = True
main(["-H", "127.0.0.1", "-p", PORT])
