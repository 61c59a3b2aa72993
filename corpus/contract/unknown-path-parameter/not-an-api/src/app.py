def handler(event, context):
    return event["pathParameters"]["id"]
