import json
import os
import uuid

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    body = json.loads(event["body"])
    ticket = str(uuid.uuid4())
    table.put_item(Item={"id": ticket, "title": body["title"], "priority": body["priority"]})
    return {"statusCode": 201, "body": json.dumps({"id": ticket})}
