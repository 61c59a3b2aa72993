def handler(event, context):
    from store import save

    save(event["id"])
