from audit import entry


def handler(event, context):
    return entry("pay", event["action"], order=event["order"])
