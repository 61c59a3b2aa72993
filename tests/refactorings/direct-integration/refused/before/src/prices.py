import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def load(event):
    return table.get_item(Key={"id": event["pathParameters"]["id"]})["Item"]


def whole(event, context):
    return {"statusCode": 200, "body": json.dumps(load(event), default=int)}


def text(event, context):
    return {"statusCode": 200, "body": json.dumps(load(event), default=str)}
