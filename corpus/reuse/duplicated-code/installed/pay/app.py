from auditing import entry


def handler(event, context):
    print(entry("shop", "pay", order=event["order"]))
