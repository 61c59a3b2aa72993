import json
import os

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    bucket = os.environ.get("BUCKET", "reports-of-orders")
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="daily/")
    names = sorted(item["Key"] for item in listed.get("Contents", []) if item["Size"] > 0)
    return {"statusCode": 200, "body": json.dumps(names)}
