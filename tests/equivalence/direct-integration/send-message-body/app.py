import json
import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    sent = sqs.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=event["body"])
    return {"statusCode": 202, "body": json.dumps({"id": sent["MessageId"]})}
