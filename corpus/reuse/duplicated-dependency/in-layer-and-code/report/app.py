import json

import requests
import yaml

def handler(event, context):
    return {"statusCode": 200, "body": json.dumps({"sum": len(event['body']) + len(requests.__name__) + len(yaml.__name__)})}
