import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])


def handler(event, context):
    wanted = json.loads(event["body"])
    if not wanted.get("orderId"):
        return {"statusCode": 400, "body": json.dumps({"message": "It has no id"})}
    table.delete_item(Key={"orderId": wanted["orderId"]})
    return {"statusCode": 204, "body": ""}
