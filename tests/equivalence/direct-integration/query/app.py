import json
import os
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def plain(value):
    if isinstance(value, Decimal):
        return int(value) if value % 1 == 0 else float(value)
    raise TypeError(value)


def handler(event, context):
    response = table.query(KeyConditionExpression=Key("cart").eq(event["pathParameters"]["cart"]), Limit=25)
    return {"statusCode": 200, "body": json.dumps(response["Items"], default=plain)}
