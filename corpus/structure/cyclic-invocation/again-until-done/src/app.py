import json
import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    work = json.loads(event["Records"][0]["body"])
    if work["left"] > 0:
        body = json.dumps({"left": work["left"] - 1})
        sqs.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=body)
