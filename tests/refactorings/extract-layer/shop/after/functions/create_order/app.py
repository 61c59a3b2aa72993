from shared_table import open_table

table = open_table("ORDERS_TABLE")


def handler(event, context):
    table.put_item(
        Item={
            "orderId": event["orderId"],
            "customerId": event["customerId"],
            "productId": event["productId"],
            "status": "CREATED",
        }
    )
    return {"orderId": event["orderId"]}
