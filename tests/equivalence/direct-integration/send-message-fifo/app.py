import json
import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    order = event["pathParameters"]["order"]
    body = json.loads(event["body"])
    sqs.send_message(
        QueueUrl=os.environ["QUEUE"],
        MessageBody=json.dumps({"order": order, "address": body["address"], "source": "api"}),
        MessageGroupId="shipments",
        MessageDeduplicationId=event["requestContext"]["requestId"],
    )
    return {"statusCode": 202, "body": ""}
