import boto3

cloudfront = boto3.client("cloudfront")


def handler(event, context):
    cloudfront.update_distribution_with_staging_config(
        Id=event["primary"], StagingDistributionId=event["staging"], IfMatch=event["tags"]
    )
