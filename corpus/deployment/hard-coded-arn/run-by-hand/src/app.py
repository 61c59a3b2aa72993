import os

import boto3

dynamodb = boto3.resource("dynamodb")


def handler(event, context):
    print(dynamodb.Table(event.get("table") or os.environ["TABLE"]).scan()["Count"])


if __name__ == "__main__":
    handler({"table": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}, {})
