import json
import os

import boto3

client = boto3.client("lambda")


def handler(event, context):
    client.invoke(FunctionName=os.environ["PRICES"], InvocationType="Event", Payload=json.dumps(event))
