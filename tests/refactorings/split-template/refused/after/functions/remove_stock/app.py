import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["STOCKS_TABLE"])


def handler(event, context):
    wanted = json.loads(event["body"])
    if not wanted.get("stockId"):
        return {"statusCode": 400, "body": json.dumps({"message": "It has no id"})}
    table.delete_item(Key={"stockId": wanted["stockId"]})
    return {"statusCode": 204, "body": ""}
