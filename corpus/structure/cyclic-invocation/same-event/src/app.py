import json
import os

import boto3

events = boto3.client("events")


def handler(event, context):
    order = {**event["detail"], "shipped": True}
    events.put_events(
        Entries=[
            {
                "Source": "shop.orders",
                "DetailType": "OrderChanged",
                "Detail": json.dumps(order),
                "EventBusName": os.environ["BUS"],
            }
        ]
    )
