import json


def reply(status, body):
    headers = {"Content-Type": "application/json"}
    if body is None:
        return {"statusCode": status, "headers": headers, "body": ""}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}


def parsed(event):
    try:
        return json.loads(event.get("body") or "{}")
    except json.JSONDecodeError:
        return None


def handler(event, context):
    order = parsed(event)
    return reply(201, {"order": order["id"]}) if order else reply(400, None)
