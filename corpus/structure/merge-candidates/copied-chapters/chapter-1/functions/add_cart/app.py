import json
import os
from decimal import Decimal

import boto3

dynamodb = boto3.resource("dynamodb")
table = dynamodb.Table(os.environ["CARTS_TABLE"])


def total(items):
    return sum(Decimal(str(item["price"])) * item["quantity"] for item in items)


def handler(event, context):
    cart = json.loads(event["body"])
    items = cart.get("items", [])
    if not cart.get("cartId") or not items:
        return {"statusCode": 400, "body": json.dumps({"message": "A cart needs an id and items"})}
    if any(item["quantity"] < 1 for item in items):
        return {"statusCode": 400, "body": json.dumps({"message": "A quantity is at least one"})}
    table.put_item(
        Item={
            "cartId": cart["cartId"],
            "productIds": [item["productId"] for item in items],
            "total": total(items),
        }
    )
    return {"statusCode": 201, "body": json.dumps({"cartId": cart["cartId"]})}
