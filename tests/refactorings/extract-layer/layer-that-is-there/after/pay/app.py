import audit


def handler(event, context):
    print(audit.entry("shop", "pay", amount=event["amount"]))
