import json
import os

import boto3

reviews = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def answer(status, message):
    return {"statusCode": status, "body": json.dumps({"message": message})}


def handler(event, context):
    if (event["queryStringParameters"] or {}).get("key") != "open":
        return answer(403, "Closed")
    review = json.loads(event["body"])
    if len(review["text"]) > 500:
        return answer(400, "Up to 500 letters")
    reviews.put_item(Item={"id": review["id"], "text": review["text"], "stars": review["stars"]})
    return answer(201, "Thank you")
