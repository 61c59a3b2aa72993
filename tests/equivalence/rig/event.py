"""The event that a REST API hands to a function: payload 1.0."""

import uuid

from names import ACCOUNT

STAGE = "test"


def event(request, route, parameters):
    last, every = {}, {}
    for name, value in request.query:
        last[name] = value
        every.setdefault(name, []).append(value)
    headers = request.all_headers()
    return {
        "resource": route.path,
        "path": request.path,
        "httpMethod": request.method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": last or None,
        "multiValueQueryStringParameters": every or None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "requestContext": context(request, route),
        "body": request.body,
        "isBase64Encoded": False,
    }


def context(request, route):
    """What `event.requestContext` and `$context` have in common."""
    return {
        "accountId": ACCOUNT,
        "apiId": "local",
        "httpMethod": request.method,
        "identity": {"sourceIp": "127.0.0.1", "userAgent": "equivalence"},
        "path": f"/{STAGE}{request.path}",
        "protocol": "HTTP/1.1",
        "requestId": str(uuid.uuid4()),
        "resourcePath": route.path,
        "stage": STAGE,
    }
