import json
import os
import re

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    text = json.loads(event["body"])["text"]
    words = re.findall(r"\w+", text)
    table.put_item(Item={"id": event["pathParameters"]["id"], "text": text, "words": len(words)})
    return {"statusCode": 204, "body": ""}
