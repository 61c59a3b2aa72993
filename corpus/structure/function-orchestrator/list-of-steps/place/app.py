import json

import boto3

client = boto3.client("lambda")


def handler(event, context):
    result = event["order"]
    for step in event["steps"]:
        response = client.invoke(FunctionName=step, Payload=json.dumps(result))  #~ function-orchestrator synchronous-chain
        result = json.load(response["Payload"])
    return result
