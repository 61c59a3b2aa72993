def handler(event, context):
    first = event["Records"][0]["body"] #~ wrong-event-shape
    return {"statusCode": 200, "body": first}
