import json
import os

import boto3
from shared_table import open_table

table = open_table("ORDERS_TABLE")
events = boto3.client("events")


def handler(event, context):
    table.update_item(
        Key={"orderId": event["orderId"]},
        UpdateExpression="SET #status = :status",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":status": "FULFILLED"},
    )
    events.put_events(
        Entries=[
            {
                "EventBusName": os.environ["EVENT_BUS"],
                "Source": "shop.orders",
                "DetailType": "OrderFulfilled",
                "Detail": json.dumps({"orderId": event["orderId"]}),
            }
        ]
    )
    return {"orderId": event["orderId"]}
