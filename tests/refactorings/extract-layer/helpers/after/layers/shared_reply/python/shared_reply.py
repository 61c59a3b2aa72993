"""What several functions share."""

import json


def reply(code, content):
    """What the gateway is answered."""
    sent = {"Content-Type": "application/json"}
    if content is None:
        return {"statusCode": code, "headers": sent, "body": ""}
    return {"statusCode": code, "headers": sent, "body": json.dumps(content)}


# A body that is no JSON is none.
def parsed(request):
    try:
        return json.loads(request.get("body") or "{}")
    except json.JSONDecodeError:
        return None
