import json

import common

def handler(event, context):
    return {"statusCode": 200, "body": json.dumps({"sum": len(event['body']) + common.size()})}
