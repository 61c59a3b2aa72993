import json


def handler(event, context):
    return {
        "statusCode": 200,
        "headers": {"Cache-Control": "no-store", "Content-Type": "application/json"},
        "body": json.dumps({"status": "it's \"up\"", "checks": ["a\\b", 1, True]}),
    }
