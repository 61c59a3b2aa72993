import audit


def handler(event, context):
    return audit.entry("shop", "ship", order=event["order"])
