import json
import os

import boto3

if os.environ.get("AWS_SAM_LOCAL"):
    table = boto3.resource("dynamodb", endpoint_url="http://dynamo:8000").Table("polls")
else:
    table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def handler(event, context):
    vote = json.loads(event["body"])
    if not vote.get("id") or len(vote["id"]) > 40:
        return {"statusCode": 400, "body": "no id"}
    table.put_item(Item={"id": vote["id"], "answer": vote["answer"]})
    return {"statusCode": 202, "body": "counted"}
