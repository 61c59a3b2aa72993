import os

import boto3

sns = boto3.client("sns")


def handler(event, context):
    stage = os.environ["STAGE"]
    if stage == "prod":  #~ environment-in-code
        sns.publish(TopicArn=os.environ["ORDERS"], Message=event["order"])
    return {"stage": stage}
