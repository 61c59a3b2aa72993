import os

import boto3

sts = boto3.client("sts")


def handler(event, context):
    answer = sts.assume_role(RoleArn=event["role"], RoleSessionName="save")
    keys = answer["Credentials"]
    dynamodb = boto3.resource(
        "dynamodb",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    dynamodb.Table(os.environ["TABLE"]).put_item(Item={"id": event["id"]})
