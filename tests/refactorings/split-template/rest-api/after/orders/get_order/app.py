import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])


def handler(event, context):
    item = table.get_item(Key={"orderId": event["pathParameters"]["orderId"]}).get("Item")
    if item is None:
        return {"statusCode": 404, "body": json.dumps({"message": "There is none"})}
    return {"statusCode": 200, "body": json.dumps(item, default=str)}
