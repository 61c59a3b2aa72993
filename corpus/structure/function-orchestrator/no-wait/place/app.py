import json
import os

import boto3

functions = boto3.client("lambda")


def handler(event, context):
    total = sum(line["price"] for line in event["lines"])
    functions.invoke(
        FunctionName=os.environ["RESERVE"],
        InvocationType="Event",
        Payload=json.dumps({"orderId": event["orderId"], "total": total}),
    )
    functions.invoke(
        FunctionName=os.environ["CHARGE"],
        InvocationType="Event",
        Payload=json.dumps({"orderId": event["orderId"], "total": total}),
    )
    return {"orderId": event["orderId"]}
