import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])
events = boto3.client("events")


def handler(event, context):
    order = json.loads(event["body"])
    if not order.get("orderId"):
        return {"statusCode": 400, "body": json.dumps({"message": "It has no id"})}
    table.delete_item(Key={"orderId": order["orderId"]})
    entry = {
        "Source": "shop.orders",
        "DetailType": "OrderCancelled",
        "Detail": json.dumps(order),
        "EventBusName": os.environ["BUS_NAME"],
    }
    events.put_events(Entries=[entry])
    return {"statusCode": 204, "body": ""}
