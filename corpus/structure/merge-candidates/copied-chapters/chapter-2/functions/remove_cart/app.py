import json
import os

import boto3

dynamodb = boto3.resource("dynamodb")
table = dynamodb.Table(os.environ["CARTS_TABLE"])


def handler(event, context):
    cart = json.loads(event["body"])
    cart_id = cart.get("cartId")
    if not cart_id or not cart_id.startswith("cart-"):
        return {"statusCode": 400, "body": json.dumps({"message": "That is no cart id"})}
    table.delete_item(Key={"cartId": cart_id})
    return {"statusCode": 204, "body": ""}
