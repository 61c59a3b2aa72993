import os

import boto3

orders = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])
table = boto3.resource("dynamodb").Table(os.environ["PARCELS_TABLE"])


def handler(event, context):
    order = orders.get_item(Key={"orderId": event["orderId"]})["Item"]
    amount = sum(line["price"] * line["quantity"] for line in order["lines"])
    table.put_item(Item={"parcelId": event["parcelId"], "amount": amount})
    return {"parcelId": event["parcelId"]}
