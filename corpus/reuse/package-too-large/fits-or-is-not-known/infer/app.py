import json

import torch

def handler(event, context):
    return {"statusCode": 200, "body": json.dumps({"sum": len(event['body']) + len(torch.__name__)})}
