import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["STOCKS_TABLE"])


def handler(event, context):
    for record in event["Records"]:
        table.put_item(Item={"stockId": record["s3"]["object"]["key"]})
