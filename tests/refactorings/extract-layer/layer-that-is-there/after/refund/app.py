from audit import entry


def handler(event, context):
    return entry("shop", "refund", order=event["order"], why=event.get("why"))
