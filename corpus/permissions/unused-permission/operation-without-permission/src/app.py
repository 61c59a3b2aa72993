import os

import boto3

cognito = boto3.client("cognito-idp")


def handler(event, context):
    for token in event["tokens"]:
        cognito.revoke_token(Token=token, ClientId=os.environ["CLIENT"])
