import os

import boto3

table = None


def handler(event, context):
    global table
    if table is None:
        table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    table.put_item(Item={"id": event["id"]})
