import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["NOTES_TABLE"])


def handler(event, context):
    wanted = json.loads(event["body"])
    if not wanted.get("noteId"):
        return {"statusCode": 400, "body": json.dumps({"message": "It has no id"})}
    table.delete_item(Key={"noteId": wanted["noteId"]})
    return {"statusCode": 204, "body": ""}
