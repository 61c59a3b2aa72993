import os

import boto3


def handler(event, context):
    table = boto3.resource("dynamodb").Table(os.environ["TABLE"]) #~ client-in-handler
    table.put_item(Item={"id": event["id"]})
