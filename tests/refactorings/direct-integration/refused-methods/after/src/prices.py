import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
queue = boto3.client("sqs")


def text(event, context):
    item = table.get_item(Key={"id": event["pathParameters"]["id"]})["Item"]
    return {"statusCode": 200, "body": json.dumps(item, default=str)}


def checked(event, context):
    body = json.loads(event["body"])
    if "price" not in body:
        return {"statusCode": 400, "body": json.dumps({"message": "which price?"})}
    queue.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=json.dumps({"price": body["price"]}))
    return {"statusCode": 202, "body": ""}
