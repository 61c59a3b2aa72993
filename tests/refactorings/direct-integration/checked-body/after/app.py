import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
HEADERS = {"Access-Control-Allow-Origin": "*"}


def refused():
    return {"statusCode": 422, "headers": HEADERS, "body": json.dumps({"message": "id, text and kind are needed"})}


def handler(event, context):
    note = json.loads(event["body"])
    if not note.get("id") or "text" not in note:
        return refused()
    if note.get("kind") not in ("plain", "rich"):
        return refused()
    table.put_item(Item={"id": note["id"], "text": note["text"], "kind": note["kind"]})
    return {"statusCode": 201, "headers": HEADERS, "body": json.dumps({"saved": True})}
