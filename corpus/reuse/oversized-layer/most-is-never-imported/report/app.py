import json

import requests

def handler(event, context):
    return {"statusCode": 200, "body": json.dumps({"sum": len(event['body']) * len(requests.__name__)})}
