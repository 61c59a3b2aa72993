import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["CARTS_TABLE"])


def handler(event, context):
    image = event["Records"][0]["dynamodb"].get("NewImage", {})
    if image.get("abandoned", {}).get("BOOL"):
        table.delete_item(Key={"cartId": image["cartId"]["S"]})
