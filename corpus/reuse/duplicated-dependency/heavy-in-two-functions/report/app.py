import json

import pandas

def handler(event, context):
    return {"statusCode": 200, "body": json.dumps({"sum": len(event['body']) * len(pandas.__name__)})}
