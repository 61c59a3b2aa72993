import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    response = table.get_item(Key={"id": event["pathParameters"]["id"]})
    headers = {"Access-Control-Allow-Origin": "*"}
    if "Item" not in response:
        return {"statusCode": 404, "headers": headers, "body": json.dumps({"message": "Not found"})}
    return {"statusCode": 200, "headers": headers, "body": json.dumps(response["Item"], default=str)}
