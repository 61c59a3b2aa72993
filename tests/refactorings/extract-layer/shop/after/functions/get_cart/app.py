import json

from shared_table import open_table

table = open_table("CARTS_TABLE")


def handler(event, context):
    cart_id = event["pathParameters"]["cartId"]
    response = table.get_item(Key={"cartId": cart_id})
    if "Item" not in response:
        return {"statusCode": 404, "body": json.dumps({"message": "Not found"})}
    return {"statusCode": 200, "body": json.dumps(response["Item"], default=str)}
