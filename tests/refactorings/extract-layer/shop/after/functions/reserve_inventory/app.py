from shared_table import open_table

table = open_table("INVENTORY_TABLE")


def handler(event, context):
    table.update_item(
        Key={"productId": event["productId"]},
        UpdateExpression="SET stock = stock - :quantity",
        ConditionExpression="stock >= :quantity",
        ExpressionAttributeValues={":quantity": event["quantity"]},
    )
    return {"productId": event["productId"]}
