import json
import os

import boto3

sns = boto3.client("sns")


def handler(event, context):
    answer = sns.publish(TopicArn=os.environ["TOPIC"], Subject="News", Message=event["body"])
    return {"statusCode": 200, "body": json.dumps({"messageId": answer["MessageId"]})}
