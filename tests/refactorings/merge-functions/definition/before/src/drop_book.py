import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["BOOKS_TABLE"])


def lambda_handler(event, context):
    book = event["pathParameters"]["id"]
    old = table.delete_item(Key={"id": book}, ReturnValues="ALL_OLD")
    if "Attributes" not in old:
        return {"statusCode": 404, "body": f"There is no book {book.upper()}"}
    return {"statusCode": 204, "body": ""}
