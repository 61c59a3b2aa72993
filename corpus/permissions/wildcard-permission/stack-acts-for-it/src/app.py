import boto3

cloudformation = boto3.client("cloudformation")


def handler(event, context):
    cloudformation.delete_stack(StackName=event["stack"])
