import json
import os

import boto3

states = boto3.client("stepfunctions")


def handler(event, context):
    started = states.start_execution(stateMachineArn=os.environ["FLOW"], input=event["body"])
    return {"statusCode": 202, "body": json.dumps({"execution": started["executionArn"]})}
