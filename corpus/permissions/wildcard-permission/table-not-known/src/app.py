import boto3

dynamodb = boto3.resource("dynamodb")


def handler(event, context):
    dynamodb.Table(event["table"]).put_item(Item={"id": event["id"]})
