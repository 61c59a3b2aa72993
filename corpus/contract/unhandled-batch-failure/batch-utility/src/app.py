import json
import os

import boto3
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
processor = BatchProcessor(event_type=EventType.SQS)


def save(record):
    table.put_item(Item=json.loads(record["body"]))


def handler(event, context):
    return process_partial_response(event=event, record_handler=save, processor=processor, context=context)
