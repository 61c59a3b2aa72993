import json


def handler(event, context):
    headers = {"Cache-Control": "no-store", "X-Version": "7"}
    return {"statusCode": 200, "headers": headers, "body": json.dumps({"status": "it's ok", "checks": [1, None, True]})}
