import json
import os

import boto3

states = boto3.client("stepfunctions")


def handler(event, context):
    order = json.loads(event["body"])
    amount = sum(line["price"] * line["quantity"] for line in order["lines"])
    if amount <= 0:
        return {"statusCode": 400, "body": json.dumps({"message": "An order costs something"})}
    first = order["lines"][0]
    execution = states.start_execution(
        stateMachineArn=os.environ["ORDER_MACHINE"],
        input=json.dumps(
            {
                "customerId": order["customerId"],
                "productId": first["productId"],
                "quantity": first["quantity"],
                "amount": amount,
            }
        ),
    )
    return {"statusCode": 202, "body": json.dumps({"execution": execution["executionArn"]})}
