import json


def handler(event, context):
    order = event["pathParameters"]["orderId"]
    return {"statusCode": 200, "body": json.dumps({"order": order})}
