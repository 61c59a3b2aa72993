import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    item = table.get_item(Key={"id": event["pathParameters"]["id"]}).get("Item")
    if not item:
        return {"statusCode": 404, "body": json.dumps({"error": "No such profile"})}
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"profileId": item["id"], "name": item["name"], "motto": item.get("motto")}),
    }
