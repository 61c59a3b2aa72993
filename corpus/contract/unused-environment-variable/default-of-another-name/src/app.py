import os


def handler(event, context):
    return {"level": os.environ.get("LOUDNESS") or os.environ.get("LEVEL")}
