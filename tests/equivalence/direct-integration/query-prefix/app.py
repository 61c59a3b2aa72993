import json
import os

import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    user = event["pathParameters"]["user"]
    answer = table.query(
        KeyConditionExpression=Key("pk").eq(f"USER#{user}") & Key("sk").begins_with("DOC#"),
        ScanIndexForward=False,
        Limit=5,
    )
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"documents": answer["Items"], "count": answer["Count"]}, default=str),
    }
