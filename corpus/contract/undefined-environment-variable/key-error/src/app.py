import os

try:
    STAGE = os.environ["STAGE"]
except KeyError:
    STAGE = "dev"


def handler(event, context):
    return {"stage": STAGE}
