import json
import os
from decimal import Decimal

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    body = json.loads(event["body"], parse_float=Decimal)
    table.put_item(Item={"id": event["pathParameters"]["id"], "amount": body["amount"], "currency": body["currency"]})
    return {"statusCode": 200, "body": json.dumps({"message": "saved"})}
