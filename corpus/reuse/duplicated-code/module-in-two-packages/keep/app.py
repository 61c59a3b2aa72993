import db


def handler(event, context):
    db.keep(event["id"], {"size": event["size"]})
