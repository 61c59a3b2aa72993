import os

import boto3

queue = boto3.client("sqs")


def handler(event, context):
    queue.send_message(QueueUrl=os.environ["JOBS_QUEUE_URL"], MessageBody=event["id"])
