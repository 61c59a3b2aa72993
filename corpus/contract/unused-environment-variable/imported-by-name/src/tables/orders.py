import os


def answer(event):
    return {"id": event["id"], "level": os.environ["LEVEL"]}
