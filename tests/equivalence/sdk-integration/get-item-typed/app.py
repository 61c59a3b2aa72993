import os

import boto3

client = boto3.client("dynamodb")


def handler(event, context):
    found = client.get_item(TableName=os.environ["TABLE"], Key={"id": {"S": event["customer"]}})
    return {"name": found["Item"]["name"]["S"], "source": "table"}
