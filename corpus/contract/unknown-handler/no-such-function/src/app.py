def lambda_main(event, context):
    return {"id": event["id"]}
