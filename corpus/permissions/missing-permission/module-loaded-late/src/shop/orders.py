import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def save(key):
    table.put_item(Item={"id": key})
