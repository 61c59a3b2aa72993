import json
import os

import boto3

functions = boto3.client("lambda")


def handler(event, context):
    total = sum(line["price"] for line in event["lines"])
    functions.invoke(  #~ function-orchestrator synchronous-chain
        FunctionName=os.environ["RESERVE"],
        InvocationType="RequestResponse",
        Payload=json.dumps({"orderId": event["orderId"], "total": total}),
    )
    functions.invoke(  #~ synchronous-chain
        FunctionName=os.environ["CHARGE"],
        InvocationType="RequestResponse",
        Payload=json.dumps({"orderId": event["orderId"], "total": total}),
    )
    return {"orderId": event["orderId"]}
