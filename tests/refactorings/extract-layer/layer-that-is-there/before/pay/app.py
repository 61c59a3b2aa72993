import audit


def handler(event, context):
    return audit.entry("shop", "pay", amount=event["amount"])
