import os

import boto3


def handler(event, context):
    queue = boto3.client("sqs") #~ client-in-handler
    queue.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=event["body"])
    announce(event["body"])
    return {"statusCode": 202}


def announce(body):
    topic = boto3.client("sns") #~ client-in-handler
    topic.publish(TopicArn=os.environ["TOPIC"], Message=body)
