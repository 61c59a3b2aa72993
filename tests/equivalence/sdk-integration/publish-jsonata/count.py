import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    table.update_item(
        Key={"id": event["id"]},
        UpdateExpression="ADD seen :one",
        ExpressionAttributeValues={":one": 1},
    )
    return {"counted": event["id"]}
