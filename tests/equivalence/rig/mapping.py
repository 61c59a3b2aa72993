"""A route without a function: mapping templates before and after a call, or a mock."""

import json
import re

import jsonschema

from backend import call
from event import context
from exchange import Answer, fault
from templates import Unrendered

JSON = "application/json"


class Mapping:
    def __init__(self, templates, address):
        self.templates = templates
        self.address = address

    def answer(self, request, route, parameters):
        refused = checked(request, route, parameters)
        if refused:
            return refused
        try:
            return Exchange(self, request, route, parameters).answer()
        except Unrendered as error:
            return fault(500, "Internal server error", str(error))


def checked(request, route, parameters):
    """What a request validator says."""
    given = {"path": parameters, "querystring": dict(request.query), "header": request.all_headers()}
    missing = [name for place, name in route.required if not given[place].get(name)]
    if missing:
        return fault(400, f"Missing required request parameters: [{', '.join(missing)}]")
    if route.model is not None:
        try:
            jsonschema.Draft4Validator(route.model).validate(json.loads(request.body or ""))
        except (ValueError, jsonschema.ValidationError) as error:
            return said(route, "BAD_REQUEST_BODY", fault(400, "Invalid request body", str(error)[:200]))
    return None


def said(route, kind, usual):
    """The answer of the API to a fault, with constants for its headers and its body."""
    given = route.faults.get(kind)
    if given is None:
        return usual
    headers = {name.removeprefix("gatewayresponse.header."): value.strip("'") for name, value in given.get("responseParameters", {}).items()}
    body = given.get("responseTemplates", {}).get(JSON, usual.body)
    return Answer(int(given.get("statusCode", usual.status)), {"Content-Type": JSON, **headers}, body, usual.why)


class Exchange:
    """One request on its way through an integration."""

    def __init__(self, mapping, request, route, parameters):
        self.mapping = mapping
        self.request = request
        self.integration = route.integration
        self.parameters = {"path": parameters, "querystring": dict(request.query), "header": request.all_headers()}
        self.context = {
            **context(request, route),
            "requestOverride": {"header": {}, "path": {}, "querystring": {}},
            "responseOverride": {"header": {}},
        }

    def answer(self):
        kind = (self.request.header("Content-Type") or JSON).split(";")[0].strip().lower()
        templates = self.integration.get("requestTemplates") or {}
        if kind in templates:
            if not readable(templates[kind], kind, self.request.body):
                return fault(400, "Could not parse request body into json")
            payload = self.render(templates[kind], self.request.body)
        elif not self.passes_through(templates):
            return fault(415, "Unsupported Media Type")
        else:
            payload = self.request.body or ""
        if str(self.integration["type"]).lower() == "mock":
            return self.respond(mocked(payload), "")
        return self.respond(*call(self, payload))

    def passes_through(self, templates):
        rule = str(self.integration.get("passthroughBehavior", "when_no_match")).lower()
        return rule == "when_no_match" or (rule == "when_no_templates" and not templates)

    def render(self, template, body):
        text, self.context = self.mapping.templates.render(template, body or "", self.parameters, self.context)
        return text

    def respond(self, status, body):
        responses = self.integration.get("responses") or {}
        fits = (found for pattern, found in responses.items() if pattern != "default" and re.fullmatch(str(pattern), str(status)))
        chosen = next(fits, responses.get("default"))
        if chosen is None:
            return fault(500, "Internal server error", f"no response for {status}: {body[:200]}")
        template = (chosen.get("responseTemplates") or {}).get(JSON)
        text = body if template is None else self.render(template, body)
        override = self.context["responseOverride"]
        headers = {name: self.value(source) for name, source in (chosen.get("responseParameters") or {}).items()}
        headers = {name.removeprefix("method.response.header."): value for name, value in headers.items()}
        headers |= override.get("header") or {}
        status = int(override.get("status") or chosen["statusCode"])
        return Answer(status, {"Content-Type": JSON, **headers}, text, body[:300])

    def value(self, source):
        """What the source of a parameter stands for: a constant, a parameter of the request or of the context."""
        source = str(source)
        if source.startswith("'"):
            return source.strip("'")
        place, _, rest = source.partition(".")
        if place == "context":
            found = self.context
            for part in rest.split("."):
                found = found.get(part, "")
            return str(found)
        _, place, name = rest.split(".", 2)
        return self.parameters[place].get(name, "")


def readable(template, kind, body):
    """A template that looks into the body needs JSON."""
    if kind != JSON or not body or not re.search(r"\$!?\{?input\.(json|path)\(", template):
        return True
    try:
        json.loads(body, parse_constant=int)
    except ValueError:
        return False
    return True


def mocked(payload):
    try:
        return json.loads(payload)["statusCode"]
    except (ValueError, KeyError, TypeError):
        return 500
