from db import load


def handler(event, context):
    return load(event["id"])
