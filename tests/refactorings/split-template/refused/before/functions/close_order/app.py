import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])


def handler(event, context):
    for record in event["Records"]:
        table.put_item(Item={"orderId": record["s3"]["object"]["key"]})
