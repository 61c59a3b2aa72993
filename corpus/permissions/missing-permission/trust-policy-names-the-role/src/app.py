import os

import boto3

sts = boto3.client("sts")


def handler(event, context):
    role = sts.assume_role(RoleArn=os.environ["ROLE"], RoleSessionName=event["tenant"])
    return {"key": role["Credentials"]["AccessKeyId"]}
