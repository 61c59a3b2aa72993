import os

import boto3


def handler(event, context):
    topic = boto3.resource("sns").Topic(os.environ["TOPIC"])
    topic.publish(Message="report")
