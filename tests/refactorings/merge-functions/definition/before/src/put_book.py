import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["BOOKS_TABLE"])


def lambda_handler(event, context):
    title = json.loads(event["body"])["title"].strip()
    if not title:
        return {"statusCode": 400, "body": "A book has a title"}
    table.put_item(Item={"id": event["pathParameters"]["id"], "title": title, "words": len(title.split())})
    return {"statusCode": 200, "multiValueHeaders": {"X-Words": [str(len(title.split()))]}, "body": title}
