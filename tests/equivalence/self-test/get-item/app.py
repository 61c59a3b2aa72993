import json
import os

import boto3

notes = boto3.resource("dynamodb").Table(os.environ["NOTES"])


def handler(event, context):
    found = notes.get_item(Key={"id": event["pathParameters"]["id"]})
    if "Item" not in found:
        return {"statusCode": 404, "body": json.dumps({"message": "There is no such note"})}
    note = found["Item"]
    return {"statusCode": 200, "body": json.dumps({"id": note["id"], "text": note["text"], "votes": str(note["votes"])})}
