import os

import boto3

states = boto3.client("stepfunctions")


def handler(event, context):
    machine = os.environ.get("MACHINE", "")
    names = sorted(order["id"] for order in event["orders"])
    if machine:
        states.start_execution(stateMachineArn=machine, input=names[0])
    return names
