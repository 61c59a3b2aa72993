import json


class Answer(dict):
    def __init__(self, status, body):
        dict.__init__(self, statusCode=status, body=json.dumps(body))


class NotFound(Answer):
    def __init__(self, body="there is no such order"):
        super().__init__(404, body)


def handler(event, context):
    orders = {"1": event.get("headers")}
    order = orders.get((event.get("queryStringParameters") or {}).get("id"))
    if order is None:
        return NotFound()
    return Answer(200, order)
