import os

import boto3

states = boto3.client("stepfunctions")


def handler(event, context):
    ended = states.start_sync_execution(stateMachineArn=os.environ["FLOW"], input=event["body"])
    return {"statusCode": 200, "body": ended["output"]}
