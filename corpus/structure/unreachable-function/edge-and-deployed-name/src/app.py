import json

import boto3

functions = boto3.client("lambda")
COMMANDS = {"import": "shop-Import-1A2B3C4D5E6F"}


def route(event, context):
    functions.invoke(
        FunctionName=COMMANDS[event["command"]], InvocationType="Event", Payload=json.dumps(event)
    )


def handler(event, context):
    return {"id": event["id"]}
