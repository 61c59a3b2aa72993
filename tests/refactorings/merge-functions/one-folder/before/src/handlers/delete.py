import json

from notes import table


def handler(event, context):
    note_id = event["pathParameters"]["id"]
    old = table.delete_item(Key={"id": note_id}, ReturnValues="ALL_OLD").get("Attributes")
    if not old:
        return {"statusCode": 404, "body": json.dumps({"message": f"There is no note {note_id}"})}
    return {"statusCode": 204, "body": ""}
