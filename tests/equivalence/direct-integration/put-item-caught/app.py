import json
import os

import boto3
from botocore.exceptions import ClientError

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    body = json.loads(event["body"])
    try:
        table.put_item(
            Item={"email": body["email"], "name": body["name"]},
            ConditionExpression="attribute_not_exists(email)",
        )
    except ClientError:
        return {"statusCode": 422, "body": json.dumps({"message": "Not stored"})}
    return {"statusCode": 201, "body": json.dumps({"message": "Registered"})}
