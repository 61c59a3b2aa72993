import os


def handler(event, context):
    return {"level": os.environ["LEVEL"]}
