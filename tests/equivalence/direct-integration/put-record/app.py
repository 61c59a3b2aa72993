import os

import boto3

kinesis = boto3.client("kinesis")


def handler(event, context):
    kinesis.put_record(
        StreamName=os.environ["STREAM"], Data=event["body"], PartitionKey=event["pathParameters"]["device"]
    )
    return {"statusCode": 200, "body": "{}"}
