import os

import boto3

sns = boto3.client("sns")


def handler(event, context):
    stage = os.environ["STAGE"]
    if event.get("kind") == "prod":
        sns.publish(TopicArn=os.environ["ORDERS"], Message=event["order"])
    return {"stage": stage}
