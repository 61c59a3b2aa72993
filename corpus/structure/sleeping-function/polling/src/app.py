import time

import boto3

athena = boto3.client("athena")


def handler(event, context):
    while True:
        answer = athena.get_query_execution(QueryExecutionId=event["id"])
        if answer["QueryExecution"]["Status"]["State"] == "SUCCEEDED":
            return event["id"]
        time.sleep(5) #~ sleeping-function
