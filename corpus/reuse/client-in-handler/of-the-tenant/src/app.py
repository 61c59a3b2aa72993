import boto3


def handler(event, context):
    sqs = boto3.client("sqs", region_name=event["region"])
    sqs.send_message(QueueUrl=event["queue"], MessageBody=event["id"])
