from audit import entry


def handler(event, context):
    return entry("ship", event["action"], order=event["order"])
