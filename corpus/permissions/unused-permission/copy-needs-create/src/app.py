import boto3

cloudfront = boto3.client("cloudfront")


def handler(event, context):
    cloudfront.copy_distribution(PrimaryDistributionId=event["id"], Staging=True, CallerReference=event["reference"])
