import json
import os
from decimal import Decimal

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


class Numbers(json.JSONEncoder):
    def default(self, value):
        if isinstance(value, Decimal):
            return int(value) if value % 1 == 0 else float(value)
        return super().default(value)


def handler(event, context):
    response = table.get_item(Key={"id": event["pathParameters"]["id"]})
    if "Item" not in response:
        return {"statusCode": 404, "body": json.dumps({"message": "Not found"})}
    return {"statusCode": 200, "body": json.dumps(response["Item"], cls=Numbers)}
