import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])
functions = boto3.client("lambda")


def handler(event, context):
    item = json.loads(event["body"])
    if not item.get("orderId"):
        return {"statusCode": 400, "body": json.dumps({"message": "It has no id"})}
    table.put_item(Item=item)
    functions.invoke(FunctionName=os.environ["OTHER"], InvocationType="Event", Payload=json.dumps(item))
    return {"statusCode": 201, "body": json.dumps(item)}
