import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])


def handler(event, context):
    found = table.get_item(Key={"orderId": event["orderId"]})
    lines = found["Item"]["lines"]
    return sum(line["price"] * line["quantity"] for line in lines)
