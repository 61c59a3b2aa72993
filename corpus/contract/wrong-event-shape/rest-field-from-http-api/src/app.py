def handler(event, context):
    method = event["httpMethod"] #~ wrong-event-shape
    return {"statusCode": 200, "body": method}
