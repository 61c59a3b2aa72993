import json

import importlib

parser = importlib.import_module("lxml")

def handler(event, context):
    return {"statusCode": 200, "body": json.dumps({"sum": len(event['body']) + len(parser.__name__)})}
