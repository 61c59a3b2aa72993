import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS"])


def handler(event, context):
    # Was arn:aws:dynamodb:eu-west-1:111122223333:table/orders.
    print(table.scan()["Count"])
