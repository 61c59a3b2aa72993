from store import table


def handler(event, context):
    table.put_item(Item={"id": event["id"], "changed": True})
