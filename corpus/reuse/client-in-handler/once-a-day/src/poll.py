import os

import boto3


def handler(event, context):
    topic = boto3.resource("sns").Topic(os.environ["TOPIC"]) #~ client-in-handler
    topic.publish(Message="poll")
