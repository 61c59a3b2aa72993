import audit


def handler(event, context):
    print(audit.entry("depot", "ship", parcel=event["parcel"]))
