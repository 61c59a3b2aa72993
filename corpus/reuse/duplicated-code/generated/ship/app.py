import audit


def handler(event, context):
    print(audit.entry("shop", "ship", order=event["order"]))
