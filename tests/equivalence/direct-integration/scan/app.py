import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    response = table.scan(Limit=50)
    return {"statusCode": 200, "body": json.dumps({"items": response["Items"]}, default=str)}
