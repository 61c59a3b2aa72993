import json
import os

import boto3

dynamodb = boto3.resource("dynamodb")
table = dynamodb.Table(os.environ["PRODUCTS_TABLE"])


def handler(event, context):
    product_id = event["pathParameters"]["productId"]
    response = table.get_item(Key={"productId": product_id})
    if "Item" not in response:
        return {"statusCode": 404, "body": json.dumps({"message": "Not found"})}
    return {"statusCode": 200, "body": json.dumps(response["Item"], default=str)}
