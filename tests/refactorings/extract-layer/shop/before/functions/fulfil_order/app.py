import json
import os

import boto3

dynamodb = boto3.resource("dynamodb")
table = dynamodb.Table(os.environ["ORDERS_TABLE"])
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
