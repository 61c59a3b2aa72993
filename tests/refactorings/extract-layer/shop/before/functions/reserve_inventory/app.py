import os

import boto3

dynamodb = boto3.resource("dynamodb")
table = dynamodb.Table(os.environ["INVENTORY_TABLE"])


def handler(event, context):
    table.update_item(
        Key={"productId": event["productId"]},
        UpdateExpression="SET stock = stock - :quantity",
        ConditionExpression="stock >= :quantity",
        ExpressionAttributeValues={":quantity": event["quantity"]},
    )
    return {"productId": event["productId"]}
