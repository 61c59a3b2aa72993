import os

os.environ["STAGE"] = "dev"


def handler(event, context):
    return {"stage": os.environ["STAGE"]}
