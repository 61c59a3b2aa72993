import json
import uuid

from notes import table


def handler(event, context):
    note = json.loads(event["body"])
    text = note["text"].strip()
    if not text:
        return {"statusCode": 400, "body": json.dumps({"message": "A note has a text"})}
    item = {"id": str(uuid.uuid4()), "text": text, "words": len(text.split())}
    table.put_item(Item=item)
    return {"statusCode": 201, "body": json.dumps(item)}
