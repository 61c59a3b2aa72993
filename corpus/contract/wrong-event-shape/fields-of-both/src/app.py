import json


def handler(event, context):
    body = json.loads(event["body"])
    return {"statusCode": 200, "body": json.dumps({"id": event["pathParameters"]["id"], "of": body, "how": event["headers"]})}
