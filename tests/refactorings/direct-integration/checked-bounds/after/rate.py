import json
import os

import boto3

reviews = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def answer(status, message):
    return {"statusCode": status, "body": json.dumps({"message": message})}


def handler(event, context):
    review = json.loads(event["body"])
    if len(review["text"]) > 500 or not 1 <= review["stars"] <= 5:
        return answer(400, "Up to five stars and 500 letters")
    if not review["id"].startswith("review_"):
        return answer(400, "Up to five stars and 500 letters")
    reviews.put_item(Item={"id": review["id"], "text": review["text"], "stars": review["stars"]})
    return answer(201, "Thank you")
