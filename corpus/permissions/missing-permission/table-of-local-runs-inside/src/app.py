import json
import os

import boto3


def polls():
    if os.environ.get("AWS_SAM_LOCAL"):
        return boto3.resource("dynamodb", endpoint_url="http://dynamo:8000").Table("polls")
    elif os.environ.get("APP_STAGE") == "local":
        return boto3.resource("dynamodb", endpoint_url="http://localhost:8000").Table("polls")
    return boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


table = polls()


def handler(event, context):
    vote = json.loads(event["body"])
    if not vote.get("id") or len(vote["id"]) > 40:
        return {"statusCode": 400, "body": "no id"}
    table.put_item(Item={"id": vote["id"], "answer": vote["answer"]})
    return {"statusCode": 202, "body": "counted"}
