import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])


def handler(event, context):
    amount = sum(line["price"] * line["quantity"] for line in event["lines"])
    table.put_item(Item={"orderId": event["orderId"], "amount": amount})
    return {"orderId": event["orderId"]}
