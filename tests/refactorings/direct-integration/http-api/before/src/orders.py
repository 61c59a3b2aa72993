import json
import os

import boto3

sqs = boto3.client("sqs")
events = boto3.client("events")


def submit(event, context):
    sent = sqs.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=event["body"])
    return {"statusCode": 202, "body": json.dumps({"id": sent["MessageId"]})}


def tell(event, context):
    entry = {"Source": "shop.orders", "DetailType": "Placed", "Detail": event["body"]}
    events.put_events(Entries=[entry])
    return {"statusCode": 204}
