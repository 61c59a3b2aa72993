import audit


def handler(event, context):
    return audit.entry("shop", "pay", order=event["order"])
