import os


def handler(event, context):
    if os.environ["MODE"] == "stage":
        return {"stage": os.environ["STAGE"]}
    return {"mode": os.environ["MODE"]}
