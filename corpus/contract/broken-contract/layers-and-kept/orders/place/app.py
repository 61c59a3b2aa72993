import json
import os

import boto3

functions = boto3.client("lambda")


def handler(event, context):
    total = sum(line["price"] for line in event["lines"])
    functions.invoke(
        FunctionName=os.environ["PAY"],
        InvocationType="Event",
        Payload=json.dumps({"total": total, "orderId": event["orderId"]}),
    )
    return total
