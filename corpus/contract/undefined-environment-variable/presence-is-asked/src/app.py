import os


def handler(event, context):
    if "STAGE" in os.environ:
        return {"stage": os.environ["STAGE"]}
    return {"stage": "dev"}
