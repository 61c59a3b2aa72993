"""from cart import total"""
import json
import os

import boto3

import cart
from lib.answers import answer

table = boto3.resource("dynamodb").Table(os.environ["CARTS_TABLE"])


def handler(event, context):
    body = json.loads(event["body"])
    items = body.get("items", [])
    if not items:
        return answer(400, {"message": "A cart needs items"})
    table.put_item(Item={"cartId": body["cartId"], "total": cart.total(items)})
    return answer(201, {"cartId": body["cartId"]})
