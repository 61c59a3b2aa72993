import os

ANSWERS = os.environ["ANSWERS"]


def handler(event, context):
    return {"statusCode": 200, "body": f"answer at {ANSWERS}"}
