"""What API Gateway refuses when a REST API is made: mappings to what the method does not declare, large templates."""

import re

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
TEMPLATE = 300 * 1024
PROXIES = ("aws_proxy", "http_proxy")
SOURCE = re.compile(r"method\.request\.(path|querystring|header)\.(.+)")
HEADER = re.compile(r"method\.response\.header\.(.+)")


def faults(routes):
    """Texts, one for each mapping that would be refused."""
    return [f"{route.method} {route.path}: {fault}" for route in routes for fault in of(route)]


def of(route):
    integration = route.integration
    if str(integration["type"]).lower() in PROXIES:
        return
    if str(integration["type"]).lower() == "aws" and not integration.get("httpMethod"):
        yield "no method of the integration"
    for template in templates(integration):
        if len(template.encode()) > TEMPLATE:
            yield f"a template has more than {TEMPLATE} bytes"
    for target, source in (integration.get("requestParameters") or {}).items():
        found = SOURCE.fullmatch(str(source))
        if found and found.groups() not in route.parameters:
            yield f"{target} maps {source}, which the method does not declare"
    for pattern, response in (integration.get("responses") or {}).items():
        status = str(response.get("statusCode"))
        if status not in route.responses:
            yield f"the response for {pattern} has status {status}, which the method does not declare"
            continue
        for target in response.get("responseParameters") or {}:
            found = HEADER.fullmatch(target)
            if found and found[1].lower() not in route.responses[status]:
                yield f"the response for {pattern} sets {target}, which the method does not declare"


def templates(integration):
    yield from (integration.get("requestTemplates") or {}).values()
    for response in (integration.get("responses") or {}).values():
        yield from (response.get("responseTemplates") or {}).values()
