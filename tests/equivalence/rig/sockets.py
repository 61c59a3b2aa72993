"""Routes of WebSocket APIs that are told who comes and goes. Nobody reads an answer: who comes is let in or not."""

from dataclasses import dataclass

from exchange import Answer, Request
from routes import Route

# The method of a request that says who comes or goes: its path is the key of the route.
SOCKET = "SOCKET"
CONNECT, DISCONNECT = "$connect", "$disconnect"
JSON = "application/json"


def come(connection):
    return Request(SOCKET, CONNECT, headers={"Connection": connection})


def go(connection):
    return Request(SOCKET, DISCONNECT, headers={"Connection": connection})


@dataclass
class SocketRoute(Route):
    def match(self, method, path):
        return {} if (method, path) == (self.method, self.path) else None


def of(stack):
    integrations = stack.of("AWS::ApiGatewayV2::Integration")
    for properties in stack.of("AWS::ApiGatewayV2::Route").values():
        if properties["RouteKey"] in (CONNECT, DISCONNECT):
            integration = integrations[properties["Target"].removeprefix("integrations/")]
            answers = {"200": set(), "500": set()}
            yield SocketRoute(SOCKET, properties["RouteKey"], as_openapi(integration), responses=answers)


def as_openapi(integration):
    # Which template is chosen is said by an expression; the only one that is known always says the same.
    chosen = integration.get("TemplateSelectionExpression", "").removeprefix("\\")
    template = integration.get("RequestTemplates", {}).get(chosen)
    return {
        "type": integration["IntegrationType"],
        "httpMethod": integration.get("IntegrationMethod", "POST"),
        "uri": integration["IntegrationUri"],
        "requestParameters": integration.get("RequestParameters", {}),
        "requestTemplates": {JSON: template} if template else {},
        "responses": {r"2\d{2}": {"statusCode": 200}, "default": {"statusCode": 500}},
    }


def context(request):
    return {
        "connectionId": request.header("Connection"),
        "routeKey": request.path,
        "eventType": request.path.removeprefix("$").upper(),
    }


def event(request, shared):
    return {"headers": request.all_headers(), "requestContext": shared, "isBase64Encoded": False}


def seen(request, answer):
    """What a client notices of an answer."""
    is_in = request.path == DISCONNECT or 200 <= answer.status < 300
    return Answer(200 if is_in else 500, {}, "", answer.why)
