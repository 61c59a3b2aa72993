import json


def handler(event, context):
    if event["resource"] == "/orders":
        return {"statusCode": 200, "body": "[]"}
    return {"statusCode": 200, "body": json.dumps({"id": event["pathParameters"]["id"]})}
