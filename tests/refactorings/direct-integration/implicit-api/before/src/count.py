import json
import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    answer = sqs.get_queue_attributes(
        QueueUrl=os.environ["QUEUE"], AttributeNames=["ApproximateNumberOfMessages"]
    )
    count = int(answer["Attributes"]["ApproximateNumberOfMessages"])
    return {"statusCode": 200, "body": json.dumps({"count": count, "busy": count > 10})}
