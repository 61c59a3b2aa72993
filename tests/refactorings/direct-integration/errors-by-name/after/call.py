import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    try:
        sqs.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=event["body"])
    except sqs.exceptions.QueueDoesNotExist:
        return {"statusCode": 503, "body": "closed"}
    return {"statusCode": 202, "body": ""}
