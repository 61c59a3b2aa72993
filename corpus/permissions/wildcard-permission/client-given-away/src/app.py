import os

import boto3
import stranger

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    dynamodb.put_item(TableName=os.environ["TABLE"], Item=event["item"])
    return stranger.report(dynamodb)
