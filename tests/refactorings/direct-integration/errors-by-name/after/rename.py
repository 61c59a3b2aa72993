import json
import os

import boto3
from botocore.exceptions import ClientError

rooms = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def answer(status, message):
    return {"statusCode": status, "body": json.dumps({"message": message})}


def handler(event, context):
    change = json.loads(event["body"])
    try:
        rooms.update_item(
            Key={"room": event["pathParameters"]["room"]},
            UpdateExpression="SET title = :title",
            ConditionExpression="attribute_exists(room)",
            ExpressionAttributeValues={":title": change["title"]},
        )
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "ConditionalCheckFailedException":
            return answer(404, "There is no such room")
        if code in ("ValidationException", "ItemCollectionSizeLimitExceededException"):
            return answer(400, "Not a title")
        raise
    return answer(200, "Renamed")
