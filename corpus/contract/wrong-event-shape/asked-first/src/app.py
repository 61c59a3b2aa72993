def handler(event, context):
    if "Records" in event:
        return {"records": len(event["Records"])}
    return {"statusCode": 200, "body": "ok"}
