import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["CARTS_TABLE"])
reasons = os.environ["REASONS"].split(", ")


def handler(event, context):
    cart_id = event["pathParameters"]["cartId"]
    reason = (event["queryStringParameters"] or {}).get("reason")
    if reason not in reasons:
        return {"statusCode": 400, "body": json.dumps({"message": "Why?"})}
    table.delete_item(Key={"cartId": cart_id})
    return {"statusCode": 204, "body": ""}


def whoami(context):
    return context.function_name


def terms():
    with open("terms.txt") as terms:
        return terms.read()
