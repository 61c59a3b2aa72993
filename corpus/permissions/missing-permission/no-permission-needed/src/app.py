import boto3

sts = boto3.client("sts")


def handler(event, context):
    return sts.get_caller_identity()["Account"]
