"""The routes of REST and HTTP APIs: from OpenAPI, or from the resources and methods of a template."""

import re
from dataclasses import dataclass, field

ANY = "X-AMAZON-APIGATEWAY-ANY-METHOD"


@dataclass
class Route:
    """`integration` is spelled as in OpenAPI.

    Parameters are (place, name), declared and required ones; `model` is a schema of the body; `responses` has
    the declared headers by status, `faults` what the API says instead of answers of API Gateway.
    """

    method: str
    path: str
    integration: dict
    parameters: list = field(default_factory=list)
    required: list = field(default_factory=list)
    model: dict | None = None
    responses: dict = field(default_factory=dict)
    faults: dict = field(default_factory=dict)

    def match(self, method, path):
        """The path parameters of a request to this route: still percent-encoded, as the event has them."""
        if self.method not in (method, "ANY", ANY):
            return None
        pattern = re.sub(r"\{(\w+)\+\}", r"(?P<\1>.+)", re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path))
        found = re.fullmatch(pattern + "/?", path)
        return found and found.groupdict()

    def rank(self):
        """Literal parts come before parameters, and those before greedy ones; one method before all."""
        return [("+}" in part, "{" in part) for part in self.path.split("/")], self.takes_any()

    def takes_any(self):
        return self.method in ("ANY", ANY)

    def payload(self):
        """The version of the event that a function gets, and of its answer."""
        return str(self.integration.get("payloadFormatVersion", "1.0"))


def of(stack):
    found = []
    for properties in stack.of("AWS::ApiGateway::RestApi").values():
        found += from_openapi(properties.get("Body") or {})
    for properties in stack.of("AWS::ApiGatewayV2::Api").values():
        found += from_openapi(properties.get("Body") or {})
    found += from_methods(stack)
    return sorted(found, key=Route.rank)


def from_openapi(document):
    validators = document.get("x-amazon-apigateway-request-validators", {})
    usual = document.get("x-amazon-apigateway-request-validator")
    for path, operations in document.get("paths", {}).items():
        for method, operation in operations.items():
            if not isinstance(operation, dict) or "x-amazon-apigateway-integration" not in operation:
                continue
            validator = validators.get(operation.get("x-amazon-apigateway-request-validator", usual), {})
            given = operations.get("parameters", []) + operation.get("parameters", [])
            yield Route(
                method.upper(),
                path,
                operation["x-amazon-apigateway-integration"],
                declared(given),
                declared(one for one in given if one.get("required")) if validator.get("validateRequestParameters") else [],
                model_of(document, operation, given) if validator.get("validateRequestBody") else None,
                {str(status): headers(response) for status, response in operation.get("responses", {}).items()},
                document.get("x-amazon-apigateway-gateway-responses", {}),
            )


def declared(parameters):
    places = {"path": "path", "query": "querystring", "header": "header"}
    return [(places[one["in"]], one["name"]) for one in parameters if one["in"] in places]


def headers(response):
    return {name.lower() for name in (response or {}).get("headers", {})}


def model_of(document, operation, parameters):
    """The JSON schema of the body, with the schemas that it refers to."""
    schema = next((one.get("schema") for one in parameters if one["in"] == "body"), None)
    content = operation.get("requestBody", {}).get("content", {})
    schema = schema or content.get("application/json", {}).get("schema")
    if schema is None:
        return None
    shared = {key: document[key] for key in ("definitions", "components") if key in document}
    return {**schema, **shared}


def from_methods(stack):
    resources = stack.of("AWS::ApiGateway::Resource")

    def path(name):
        above = resources[name]["ParentId"]
        return (path(above) if above in resources else "") + "/" + resources[name]["PathPart"]

    for properties in stack.of("AWS::ApiGateway::Method").values():
        integration = properties.get("Integration")
        if not integration:
            continue
        resource = properties["ResourceId"]
        given = {tuple(name.split(".")[2:4]): needed for name, needed in properties.get("RequestParameters", {}).items()}
        validator = stack.of("AWS::ApiGateway::RequestValidator").get(properties.get("RequestValidatorId"), {})
        yield Route(
            properties["HttpMethod"],
            path(resource) if resource in resources else "/",
            as_openapi(integration),
            list(given),
            [one for one, needed in given.items() if needed] if validator.get("ValidateRequestParameters") else [],
            named_model(stack, properties) if validator.get("ValidateRequestBody") else None,
            {str(one["StatusCode"]): set_headers(one) for one in properties.get("MethodResponses", [])},
            {one["ResponseType"]: spelled(one) for one in stack.of("AWS::ApiGateway::GatewayResponse").values()},
        )


def named_model(stack, properties):
    name = properties.get("RequestModels", {}).get("application/json")
    return stack.of("AWS::ApiGateway::Model").get(name, {}).get("Schema")


def set_headers(response):
    return {name.split(".", 3)[3].lower() for name in response.get("ResponseParameters", {})}


def as_openapi(integration):
    responses = {
        response.get("SelectionPattern") or "default": spelled(response)
        for response in integration.get("IntegrationResponses", [])
    }
    return {**spelled(integration), "httpMethod": integration.get("IntegrationHttpMethod", "POST"), "responses": responses}


def spelled(properties):
    """As definitions spell what CloudFormation has."""
    return {key[0].lower() + key[1:]: value for key, value in properties.items()}
