import json
import logging
import os

import boto3

logger = logging.getLogger()
logger.setLevel(logging.INFO)
TABLE = os.environ["TABLE"]
dynamodb = boto3.client("dynamodb")


def handler(event, context):
    try:
        body = json.loads(event["body"])
        return {"statusCode": 200, "body": json.dumps(run(body))}
    except KeyError:
        return {"statusCode": 400, "body": "{}"}


def run(body):
    return dynamodb.get_item(TableName=TABLE, Key={"id": {"S": body["id"]}})["ResponseMetadata"]
