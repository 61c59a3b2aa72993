import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    found = table.get_item(Key={"id": event["pathParameters"]["id"]}, ConsistentRead=True)
    if "Item" not in found:
        return {"statusCode": 404, "headers": {"Access-Control-Allow-Origin": "*"}, "body": "{}"}
    return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}, "body": json.dumps(found["Item"])}
