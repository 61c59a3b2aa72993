import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TASKS_TABLE"])


def handler(event, context):
    item = json.loads(event["body"])
    if not item.get("taskId"):
        return {"statusCode": 400, "body": json.dumps({"message": "It has no id"})}
    table.put_item(Item=item)
    return {"statusCode": 201, "body": json.dumps(item)}
