from shared_reply import parsed, reply


def handler(event, context):
    cart = parsed(event)
    if not cart:
        return reply(422, {"message": "No cart"})
    return reply(200, {"items": sorted(cart["items"])})
