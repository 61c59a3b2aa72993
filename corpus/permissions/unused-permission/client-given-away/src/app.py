import os

import boto3
import stranger

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    return stranger.save(dynamodb, os.environ["TABLE"], event)
