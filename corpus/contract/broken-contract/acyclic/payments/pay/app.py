import os

import boto3

orders = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])
table = boto3.resource("dynamodb").Table(os.environ["PAYMENTS_TABLE"])


def handler(event, context):
    order = orders.get_item(Key={"orderId": event["orderId"]})["Item"]
    amount = sum(line["price"] * line["quantity"] for line in order["lines"])
    table.put_item(Item={"orderId": event["orderId"], "amount": amount})
    return {"orderId": event["orderId"]}
