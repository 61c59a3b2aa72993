import json


def handler(event, context):
    cart = read_body(event)
    if not cart:
        return answer(422, {"message": "No cart"})
    return answer(200, {"items": sorted(cart["items"])})


def answer(code, content):
    """What the gateway is answered."""
    sent = {"Content-Type": "application/json"}
    if content is None:
        return {"statusCode": code, "headers": sent, "body": ""}
    return {"statusCode": code, "headers": sent, "body": json.dumps(content)}


# A body that is no JSON is none.
def read_body(request):
    try:
        return json.loads(request.get("body") or "{}")
    except json.JSONDecodeError:
        return None
