from audit import entry


def handler(event, context):
    print(entry("shop", "refund", order=event["order"], why=event.get("why")))
