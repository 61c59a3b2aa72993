import os

import boto3

events = boto3.client("events")


def handler(event, context):
    entry = {
        "EventBusName": os.environ["BUS"],
        "Source": "shop.orders",
        "DetailType": "OrderPlaced",
        "Detail": event["body"],
    }
    events.put_events(Entries=[entry])
    return {"statusCode": 202, "body": ""}
