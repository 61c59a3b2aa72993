import json
import os

import boto3

TABLE = os.environ["TABLE"]
client = boto3.resource("dynamodb")


def respond(status, body):
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"},
        "body": json.dumps(body, default=str),
    }


def handler(event, context):
    parameters = event["pathParameters"]
    response = client.Table(TABLE).get_item(
        Key={"PK": f"TEAM#{parameters['team']}", "SK": f"MEMBER#{parameters['member']}"}
    )
    item = response.get("Item")
    if item is None:
        return respond(404, {"error": "Member not found"})
    return respond(200, {"member": item})
