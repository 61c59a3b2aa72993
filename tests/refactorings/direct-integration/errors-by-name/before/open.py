import json
import os

import boto3

states = boto3.client("stepfunctions")


def handler(event, context):
    opening = json.loads(event["body"])
    try:
        states.start_execution(
            stateMachineArn=os.environ["FLOW"], name=opening["name"], input=event["body"]
        )
    except states.exceptions.ExecutionAlreadyExists:
        return {"statusCode": 409, "body": "open already"}
    return {"statusCode": 202, "body": ""}
