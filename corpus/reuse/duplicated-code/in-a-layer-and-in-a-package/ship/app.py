import audit


def handler(event, context):
    return audit.entry("depot", "ship", parcel=event["parcel"])
