"""Runs a state machine and tells how it ended, in the form of an answer."""

import json
import time

from exchange import Answer
from names import arn

PATIENCE = 30
PAUSE = 0.01


def start(side, machine, name, given):
    """Starts an execution; `given` is its input."""
    named = side.world.stack.name("AWS::StepFunctions::StateMachine", machine)
    started = side.world.client("stepfunctions").start_execution(
        stateMachineArn=arn("states", f"stateMachine:{named}"), name=name, input=json.dumps(given)
    )
    return started["executionArn"]


def end(side, execution):
    """The output of an execution, or the error; its cause differs between a function and a service."""
    states = side.world.client("stepfunctions")
    latest = time.monotonic() + PATIENCE
    while time.monotonic() < latest:
        told = states.describe_execution(executionArn=execution)
        if told["status"] != "RUNNING":
            return Answer(told["status"], {}, told.get("output") or told.get("error") or "", told.get("cause", ""))
        time.sleep(PAUSE)
    return Answer("TIMED_OUT", {}, "")
