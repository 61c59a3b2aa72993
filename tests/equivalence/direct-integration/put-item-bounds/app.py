import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    review = json.loads(event["body"])
    if not 1 <= len(review["title"]) <= 20 or review["stars"] < 1 or review["stars"] > 5:
        return {"statusCode": 400, "body": json.dumps({"message": "A title of 20 letters and up to five stars"})}
    if not review["page"].startswith("item"):
        return {"statusCode": 400, "body": json.dumps({"message": "A title of 20 letters and up to five stars"})}
    table.put_item(Item={"id": review["id"], "title": review["title"], "stars": review["stars"], "page": review["page"]})
    return {"statusCode": 201, "body": json.dumps({"saved": True})}
