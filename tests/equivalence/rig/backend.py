"""The call that an integration makes of a service, as API Gateway would send it."""

import json
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree

from names import REGION

# Services whose operation API Gateway names in a header by itself.
TARGETS = {"dynamodb": "DynamoDB_20120810", "kinesis": "Kinesis_20131202", "states": "AWSStepFunctions"}
PREFIX = "integration.request."


def call(exchange, payload):
    """Status and body of the service's answer."""
    integration = exchange.integration
    service, kind, name = parts(integration["uri"])
    headers, query, path = {}, {}, {}
    places = {"header": headers, "querystring": query, "path": path}
    for target, source in (integration.get("requestParameters") or {}).items():
        place, _, parameter = target.removeprefix(PREFIX).partition(".")
        places[place][parameter] = exchange.value(source)
    for place, values in exchange.context["requestOverride"].items():
        places[place] |= values
    if kind == "path":
        address = "/" + name
    elif service in TARGETS:
        headers = {"X-Amz-Target": f"{TARGETS[service]}.{name}", "Content-Type": "application/x-amz-json-1.0", **headers}
        address = "/"
    else:
        query = {"Action": name, **query}
        address = "/"
    for parameter, value in path.items():
        address = address.replace("{" + parameter + "}", urllib.parse.quote(str(value), safe="/%"))
    if query and "X-Amz-Target" not in headers:
        address += "?" + urllib.parse.urlencode(query)
    url = exchange.mapping.address(service) + address
    return send(urllib.request.Request(url, payload.encode(), {**signature(service), **headers}, method=integration["httpMethod"]))


def parts(uri):
    """Service, "action" or "path", and the operation or the path, of an address of API Gateway."""
    service, _, rest = uri.split(":", 4)[4].partition(":")
    kind, _, name = rest.partition("/")
    return service.rsplit(".", 1)[-1], kind, name


def signature(service):
    """Emulators want to see one; they do not check it."""
    scope = f"AKIAEXAMPLE/20260101/{REGION}/{service}/aws4_request"
    return {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature=00",
        "X-Amz-Date": "20260101T000000Z",
    }


def send(request):
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            status, body = response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        status, body = error.code, error.read().decode(errors="replace")
    # API Gateway asks the older services for JSON, emulators answer in XML.
    try:
        root = xml.etree.ElementTree.fromstring(body)
        return status, json.dumps({tag(root): tree(root)})
    except xml.etree.ElementTree.ParseError:
        return status, body


def tree(node):
    return {tag(child): tree(child) for child in node} if len(node) else node.text or ""


def tag(node):
    return node.tag.rsplit("}", 1)[-1]
