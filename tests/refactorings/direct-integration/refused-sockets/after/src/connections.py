import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def choose(event, context):
    table.put_item(Item={"connectionId": event["requestContext"]["connectionId"]})
    return {"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": "chat"}}


def guard(event, context):
    if "token" not in event["queryStringParameters"]:
        return {"statusCode": 401}
    table.put_item(Item={"connectionId": event["requestContext"]["connectionId"]})
    return {"statusCode": 200}


def named(event, context):
    user = event["queryStringParameters"]["user"]
    table.put_item(Item={"connectionId": event["requestContext"]["connectionId"], "user": user})
    return {"statusCode": 200}


def leave(event, context):
    table.delete_item(Key={"connectionId": event["requestContext"]["connectionId"]})
    return {"statusCode": 200}
