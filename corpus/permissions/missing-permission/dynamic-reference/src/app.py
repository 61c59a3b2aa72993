import json
import os

import boto3

users = boto3.client("cognito-idp")


def handler(event, context):
    found = users.list_users(UserPoolId=os.environ["USER_POOL_ID"])
    names = [user["Username"] for user in found["Users"] if user["Enabled"]]
    return {"statusCode": 200, "body": json.dumps(names)}
