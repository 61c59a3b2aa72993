import json

from lib.headers import HEADERS


def answer(status, body):
    return {"statusCode": status, "headers": HEADERS, "body": json.dumps(body)}
