import os

STAGE = os.environ.get("STAGE", "dev")
LEVEL = os.getenv("LEVEL")


def handler(event, context):
    return {"stage": STAGE, "level": LEVEL}
