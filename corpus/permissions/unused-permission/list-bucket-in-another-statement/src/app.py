import os

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    found = s3.get_object(Bucket=os.environ["BUCKET"], Key=event["key"])
    return {"text": found["Body"].read().decode().upper()}
