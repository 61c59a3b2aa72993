import os

import requests


def handler(event, context):
    city = event["pathParameters"]["city"]
    answer = requests.get(f"{os.environ['WEATHER']}/{city}", timeout=5)
    return {"statusCode": 200, "body": answer.text.upper()}
