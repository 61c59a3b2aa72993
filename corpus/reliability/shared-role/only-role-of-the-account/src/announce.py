import os

import boto3

sns = boto3.client("sns")


def handler(event, context):
    for order in event["orders"]:
        sns.publish(TopicArn=os.environ["TOPIC"], Message=order["id"])
