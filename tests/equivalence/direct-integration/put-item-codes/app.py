import json
import os

import boto3
from botocore.exceptions import BotoCoreError, ClientError

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
ANSWERS = {"taken": "The address is taken", "bad": "Not an address", "other": "Try again later"}


def answer(status, message):
    return {"statusCode": status, "headers": {"Cache-Control": "no-store"}, "body": json.dumps({"message": message})}


def handler(event, context):
    body = json.loads(event["body"])
    try:
        table.put_item(
            Item={"email": body["email"], "name": body["name"]},
            ConditionExpression="attribute_not_exists(email)",
        )
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code")
        if code in ("ConditionalCheckFailedException", "TransactionConflictException"):
            return answer(409, ANSWERS["taken"])
        if code == "ValidationException":
            return answer(400, ANSWERS["bad"])
        return answer(503, ANSWERS["other"])
    except BotoCoreError:
        return answer(503, ANSWERS["other"])
    return answer(201, "Registered")
