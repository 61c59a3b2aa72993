import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["CARTS"])


def handler(event, context):
    table.put_item(Item={"id": event["id"]})
