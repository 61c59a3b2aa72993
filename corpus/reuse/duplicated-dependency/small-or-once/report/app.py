import json

import boto3
import pandas
import requests

client = boto3.client("sts")

def handler(event, context):
    return {"statusCode": 200, "body": json.dumps({"sum": len(event['body']) * len(requests.__name__) + len(pandas.__name__)})}
