import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    note = json.loads(event["body"])
    table.put_item(Item={"id": note["id"], "text": note["text"], "done": False})
    return {"statusCode": 201, "body": json.dumps({"saved": True})}
