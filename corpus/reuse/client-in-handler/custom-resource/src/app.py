import os

import boto3
import cfnresponse


def handler(event, context):
    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    table.put_item(Item={"id": "first"})
    cfnresponse.send(event, context, cfnresponse.SUCCESS, {})
