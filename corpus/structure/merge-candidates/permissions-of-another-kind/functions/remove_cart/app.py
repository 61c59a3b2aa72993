import json
import os

import boto3

users = boto3.client("cognito-idp")
dynamodb = boto3.resource("dynamodb")
table = dynamodb.Table(os.environ["CARTS_TABLE"])


def handler(event, context):
    cart = json.loads(event["body"])
    cart_id = cart.get("cartId")
    if not cart_id or not cart_id.startswith("cart-"):
        return {"statusCode": 400, "body": json.dumps({"message": "That is no cart id"})}
    table.delete_item(Key={"cartId": cart_id})
    if cart.get("leave"):
        users.admin_delete_user(UserPoolId=os.environ["POOL"], Username=cart["userName"])
    return {"statusCode": 204, "body": ""}
