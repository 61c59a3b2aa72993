import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    connection = event["requestContext"]["connectionId"]
    try:
        table.put_item(Item={"connectionId": connection, "room": "lobby's"})
    except Exception as error:
        return {"statusCode": 500, "body": f"not connected: {error}"}
    return {"statusCode": 200, "body": "connected"}
