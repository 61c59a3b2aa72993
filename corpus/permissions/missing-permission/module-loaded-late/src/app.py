from shop import orders


def handler(event, context):
    orders.save(event["id"])
