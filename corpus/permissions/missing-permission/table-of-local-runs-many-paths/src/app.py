import json
import os

import boto3

local = boto3.resource("dynamodb", endpoint_url="http://localhost:8000")
cloud = boto3.resource("dynamodb")


def handler(event, context):
    if os.environ.get("AWS_SAM_LOCAL"):
        table = local.Table("polls")
    elif "local" == os.environ.get("APP_STAGE"):
        table = local.Table("polls")
    else:
        table = cloud.Table(os.environ["TABLE_NAME"])
    asked = event.get("queryStringParameters") or {}
    wanted = {}
    if asked.get("topic"):
        wanted["topic"] = asked["topic"]
    if asked.get("author"):
        wanted["author"] = asked["author"]
    if asked.get("state"):
        wanted["state"] = asked["state"]
    if asked.get("language"):
        wanted["language"] = asked["language"]
    if asked.get("after") and asked.get("limit"):
        found = table.scan(ExclusiveStartKey={"id": asked["after"]}, Limit=int(asked["limit"]))
    elif asked.get("after"):
        found = table.scan(ExclusiveStartKey={"id": asked["after"]})
    elif asked.get("limit"):
        found = table.scan(Limit=int(asked["limit"]))
    else:
        found = table.scan()
    polls = [poll for poll in found["Items"] if all(poll.get(word) == wanted[word] for word in wanted)]
    return {"statusCode": 200, "body": json.dumps({"polls": polls}, default=str)}
