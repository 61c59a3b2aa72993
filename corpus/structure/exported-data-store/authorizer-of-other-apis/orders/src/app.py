import json


def handler(event, context):
    order = json.loads(event["body"])
    return {"statusCode": 200, "body": json.dumps({"total": sum(line["price"] for line in order["lines"])})}
