import json
import os

import boto3

sns = boto3.client("sns")


def handler(event, context):
    try:
        sns.publish(TopicArn=os.environ["TOPIC"], Message=event["body"])
    except Exception as error:
        return {"statusCode": 503, "body": json.dumps({"message": f"not sent: {error}"})}
    return {"statusCode": 202, "headers": {"X-Sent": "yes"}, "body": ""}
