import json
import os

import boto3

cognito = boto3.client("cognito-idp")
POOL = os.environ["POOL"]


def answer(body):
    return {"statusCode": 200, "body": json.dumps(body)}


def handler(event, context):
    path = event["path"]
    names = event.get("pathParameters", {}) or {}
    if path == "/profile":
        user = cognito.admin_get_user(UserPoolId=POOL, Username=event["headers"]["user"])
        return answer(sorted(known["Name"] for known in user["UserAttributes"]))
    if path == "/users":
        users = cognito.list_users(UserPoolId=POOL)["Users"]
        return answer(sorted(user["Username"] for user in users))
    if path.startswith("/users/") and "name" in names:
        cognito.admin_delete_user(UserPoolId=POOL, Username=names["name"])
        return answer({"deleted": names["name"]})
    return {"statusCode": 404, "body": "not found"}
