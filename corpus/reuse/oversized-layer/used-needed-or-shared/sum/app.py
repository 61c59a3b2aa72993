import json

import pandas
import jinja2

def handler(event, context):
    return {"statusCode": 200, "body": json.dumps({"sum": len(event['body']) + len(pandas.__name__) + len(jinja2.__name__)})}
