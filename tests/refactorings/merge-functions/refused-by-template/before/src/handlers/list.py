import json

from notes import table


def handler(event, context):
    notes = table.scan()["Items"]
    notes.sort(key=lambda note: note["text"])
    return {"statusCode": 200, "body": json.dumps(notes, default=str)}
