import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    body = json.loads(event["body"])
    table.update_item(
        Key={"id": event["pathParameters"]["id"]},
        UpdateExpression="SET #name = :name ADD changes :one",
        ExpressionAttributeNames={"#name": "name"},
        ExpressionAttributeValues={":name": body["name"], ":one": 1},
    )
    return {"statusCode": 200, "body": json.dumps({"message": "renamed"})}
