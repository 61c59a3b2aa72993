import json
import os

import boto3

client = boto3.client("stepfunctions")


def handler(event, context):
    order = json.loads(event["body"])
    client.start_execution(
        stateMachineArn=os.environ["FLOW"],
        input=json.dumps({"order": order["order"], "note": order.get("note"), "channel": "web"}),
    )
    return {"statusCode": 202, "body": json.dumps({"message": "it's running"})}
