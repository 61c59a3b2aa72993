import json


def handler(event, context):
    order = event["pathParameters"]["orderId"] #~ unknown-path-parameter
    return {"statusCode": 200, "body": json.dumps({"order": order})}
