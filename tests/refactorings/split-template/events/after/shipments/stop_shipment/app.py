import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["SHIPMENTS_TABLE"])


def handler(event, context):
    order = event["detail"]
    if order["orderId"].startswith("test-"):
        return
    table.delete_item(Key={"orderId": order["orderId"]})
