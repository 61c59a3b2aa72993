from shared_reply import parsed, reply


def handler(event, context):
    order = parsed(event)
    return reply(201, {"order": order["id"]}) if order else reply(400, None)
