import json
import os

import boto3

client = boto3.client("dynamodb")


def handler(event, context):
    answer = client.get_item(
        TableName=os.environ["TABLE"],
        Key={
            "cart": {"S": event["pathParameters"]["cart"]},
            "line": {"S": event["queryStringParameters"]["line"]},
        },
    )
    item = answer.get("Item")
    if item is None:
        return {"statusCode": 404, "body": json.dumps({"message": "no such line"})}
    return {"statusCode": 200, "body": json.dumps({"product": item["product"]["S"]})}
