import json


def handler(event, context):
    cart = parsed(event)
    if not cart:
        return reply(422, {"message": "No cart"})
    return reply(200, {"items": sorted(cart["items"])})


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
