"""The API of one side: finds the route of a request and lets a function or a mapping answer."""

import json
import re

import event
import routes
import sockets
from exchange import Answer, fault, internal_error
from functions import Failed
from mapping import Mapping

FUNCTION = re.compile(r"functions/arn:aws:lambda:[^:]*:[^:]*:function:([^/:]+)(?::[^/]+)?/invocations")


class Gateway:
    def __init__(self, stack, functions, templates, address):
        self.routes = [*routes.of(stack), *sockets.of(stack)]
        self.functions = functions
        self.mapping = Mapping(templates, address)

    def answer(self, request):
        answer = self.whole_answer(request)
        return sockets.seen(request, answer) if request.method == sockets.SOCKET else answer

    def whole_answer(self, request):
        for route in self.routes:
            parameters = route.match(request.method, request.path)
            if parameters is not None:
                if str(route.integration["type"]).lower() == "aws_proxy":
                    return self.invoke(request, route, parameters)
                return self.mapping.answer(request, route, parameters)
        return fault(403, "Missing Authentication Token")

    def invoke(self, request, route, parameters):
        name = FUNCTION.search(route.integration["uri"])[1]
        try:
            returned = json.loads(self.functions.invoke(name, event.event(request, route, parameters)))
        except Failed as error:
            return internal_error(str(error))
        return answer_of(whole(returned) if route.payload() == "2.0" else returned)


def whole(returned):
    """In the second version of the payload, what has no status is the body."""
    if isinstance(returned, dict) and "statusCode" in returned:
        return returned
    body = returned if isinstance(returned, str) else json.dumps(returned)
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": body}


def answer_of(returned):
    """What a client gets for what a handler returned."""
    body = returned.get("body") if isinstance(returned, dict) else returned
    if not isinstance(returned, dict) or not isinstance(body, (str, type(None))):
        return internal_error("the function returned something else than an answer")
    try:
        status = int(returned.get("statusCode", 200))
    except (TypeError, ValueError):
        return internal_error("the status is no number")
    headers = {name: str(value) for name, value in (returned.get("headers") or {}).items()}
    return Answer(status, headers, body or "")
