import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["SHIPMENTS_TABLE"])


def handler(event, context):
    for record in event["Records"]:
        order = json.loads(record["body"])
        table.put_item(Item={"orderId": order["orderId"], "state": "packed"})
