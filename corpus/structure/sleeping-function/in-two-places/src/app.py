import time

import boto3

athena = boto3.client("athena")


def handler(event, context):
    time.sleep(2) #~ sleeping-function
    answer = athena.get_query_execution(QueryExecutionId=event["id"])
    while answer["QueryExecution"]["Status"]["State"] != "SUCCEEDED":
        time.sleep(5) #~ sleeping-function
        answer = athena.get_query_execution(QueryExecutionId=event["id"])
    return event["id"]
