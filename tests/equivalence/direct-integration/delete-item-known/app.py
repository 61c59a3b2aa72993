import json
import os

import boto3

client = boto3.client("dynamodb")


def handler(event, context):
    try:
        client.delete_item(
            TableName=os.environ["TABLE"],
            Key={"id": {"S": event["pathParameters"]["id"]}},
            ConditionExpression="attribute_exists(id)",
        )
    except client.exceptions.ConditionalCheckFailedException:
        return {"statusCode": 404, "body": json.dumps({"message": "There is no such user"})}
    return {"statusCode": 200, "body": json.dumps({"message": "removed"})}
