"""The event that an API hands to a function: payload 1.0 of REST APIs, 2.0 of HTTP APIs."""

import urllib.parse
import uuid

import sockets
from names import ACCOUNT

STAGE = "test"


def event(request, route, parameters):
    if request.method == sockets.SOCKET:
        return sockets.event(request, context(request, route))
    return second(request, route, parameters) if route.payload() == "2.0" else first(request, route, parameters)


def first(request, route, parameters):
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


def second(request, route, parameters):
    every = {}
    for name, value in request.query:
        every.setdefault(name, []).append(value)
    key = f"{'ANY' if route.takes_any() else route.method} {route.path}"
    headers = {name.lower(): value for name, value in request.all_headers().items()}
    made = {
        "version": "2.0",
        "routeKey": key,
        "rawPath": request.path,
        "rawQueryString": urllib.parse.urlencode(request.query),
        "headers": headers,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "domainName": "local.execute-api.us-east-1.amazonaws.com",
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "equivalence",
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": key,
            "stage": "$default",
        },
        "isBase64Encoded": False,
    }
    # What a request has not is not there at all; parameters of the path come decoded.
    if every:
        made["queryStringParameters"] = {name: ",".join(values) for name, values in every.items()}
    if parameters:
        made["pathParameters"] = {name: urllib.parse.unquote(value) for name, value in parameters.items()}
    if request.body is not None:
        made["body"] = request.body
    return made


def context(request, route):
    """What `event.requestContext` and `$context` have in common."""
    return {
        **(sockets.context(request) if request.method == sockets.SOCKET else {}),
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
