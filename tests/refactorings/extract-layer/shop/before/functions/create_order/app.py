import os

import boto3

dynamodb = boto3.resource("dynamodb")
table = dynamodb.Table(os.environ["ORDERS_TABLE"])


def handler(event, context):
    table.put_item(
        Item={
            "orderId": event["orderId"],
            "customerId": event["customerId"],
            "productId": event["productId"],
            "status": "CREATED",
        }
    )
    return {"orderId": event["orderId"]}
