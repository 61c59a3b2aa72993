import os

import boto3

events = boto3.client("events")


def handler(event, context):
    events.put_rule(Name=os.environ["RULE"], ScheduleExpression=event["schedule"])
