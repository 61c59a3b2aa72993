from auditing import entry


def handler(event, context):
    print(entry("shop", "ship", order=event["order"]))
