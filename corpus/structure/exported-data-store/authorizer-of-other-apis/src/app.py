def handler(event, context):
    return {"isAuthorized": event["headers"]["token"].startswith("t")}
