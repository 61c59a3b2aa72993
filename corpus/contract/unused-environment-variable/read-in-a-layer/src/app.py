from shared import level


def handler(event, context):
    return {"level": level()}
