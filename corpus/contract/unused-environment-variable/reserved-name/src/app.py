def handler(event, context):
    return event["left"] + event["right"]
