import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def get(event, context):
    found = table.get_item(Key={"id": event["pathParameters"]["id"]})
    if "Item" not in found:
        return {"statusCode": 404, "body": json.dumps({"message": "no such cart"})}
    return {"statusCode": 200, "body": json.dumps(found["Item"], default=str)}


def drop(event, context):
    table.delete_item(Key={"id": event["pathParameters"]["id"]})
    headers = {"Cache-Control": "no-store"}
    return {"statusCode": 204, "headers": headers, "body": ""}
