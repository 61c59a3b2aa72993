"""A SAM template as CloudFormation would deploy it: translated, with its intrinsics resolved."""

import json
from pathlib import Path

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

import intrinsics
from names import KINDS

NAMES = ("template.yaml", "template.yml", "template.json")
# Where `sam package` would have put what a property names on disk. The translator asks for an address in S3.
PACKAGED = "s3://packaged/"
LOCAL = {
    "AWS::Serverless::Function": ["CodeUri"],
    "AWS::Serverless::LayerVersion": ["ContentUri"],
    "AWS::Serverless::StateMachine": ["DefinitionUri"],
    "AWS::Serverless::Api": ["DefinitionUri"],
    "AWS::Serverless::HttpApi": ["DefinitionUri"],
}


class Stack:
    """Resources by logical id, and where the code and the definitions of the template lie."""

    def __init__(self, folder, queues, chosen=()):
        """`chosen` are pairs of parameters and values, where they are not the defaults."""
        self.folder = Path(folder)
        source = parsed(template_in(self.folder))
        for name, value in chosen:
            source["Parameters"][name]["Default"] = value
        self.code = {}
        self.entries = {}
        self.definitions = {}
        translated = translate(self.packaged(source))
        self.resources = intrinsics.resolved(translated, queues)

    def packaged(self, source):
        source = included(source, self.folder)
        # Without a place, the folder of the template is packaged.
        code = source.get("Globals", {}).get("Function", {}).get("CodeUri", ".")
        for name, resource in source.get("Resources", {}).items():
            properties = resource.setdefault("Properties", {})
            build = resource.get("Metadata", {}).get("BuildProperties", {})
            self.entries[name] = next(iter(build.get("EntryPoints", [])), None)
            for key in LOCAL.get(resource.get("Type"), []):
                place = properties.get(key, code if key == "CodeUri" else None)
                if not isinstance(place, str):
                    continue
                if key == "DefinitionUri" and resource["Type"] != "AWS::Serverless::StateMachine":
                    del properties[key]
                    properties["DefinitionBody"] = parsed(self.folder / place)
                    continue
                self.code[name] = self.folder / place
                properties[key] = PACKAGED + name
        return source

    def of(self, kind):
        return {name: found["Properties"] for name, found in self.resources.items() if found["Type"] == kind}

    def name(self, kind, logical):
        """The physical name of a resource."""
        return self.of(kind)[logical].get(KINDS[kind][0], logical)

    def function(self, name):
        """Folder, handler, runtime and variables of a function, by its physical name."""
        kind = "AWS::Lambda::Function"
        logical = next(logical for logical in self.of(kind) if self.name(kind, logical) == name)
        properties = self.of(kind)[logical]
        variables = properties.get("Environment", {}).get("Variables", {})
        return self.code[logical], self.handler(logical, properties["Handler"]), properties["Runtime"], variables

    def handler(self, logical, handler):
        """Where esbuild builds it, the file lies where the build begins."""
        entry = self.entries.get(logical)
        return f"{entry.rsplit('.', 1)[0]}.{handler.rsplit('.', 1)[1]}" if entry else handler

    def machine(self, name):
        """The definition of a state machine, with its substitutions made."""
        properties = self.of("AWS::StepFunctions::StateMachine")[name]
        if "DefinitionString" in properties:
            text = properties["DefinitionString"]
        elif "Definition" in properties:
            text = json.dumps(properties["Definition"])
        else:
            text = json.dumps(parsed(self.code[name]))
        for key, value in properties.get("DefinitionSubstitutions", {}).items():
            text = text.replace("${" + key + "}", str(value))
        return text


def template_in(folder):
    """The template of an application, under one of the names that it may have."""
    return next(path for path in map(folder.joinpath, NAMES) if path.exists())


def translate(source):
    defaults = {name: str(given.get("Default", "")) for name, given in source.get("Parameters", {}).items()}
    return transform(source, defaults, ManagedPolicies())


class ManagedPolicies:
    """Every managed policy exists: permissions are not what is compared here."""

    def load(self):
        return Named()


class Named(dict):
    def __contains__(self, name):
        return isinstance(name, str) and not name.startswith("arn:")

    def __getitem__(self, name):
        return f"arn:aws:iam::aws:policy/{name}"

    def get(self, name, default=None):
        return self[name] if name in self else default


def included(node, folder):
    """A template with `AWS::Include` done, for files on disk."""
    if isinstance(node, list):
        return [included(element, folder) for element in node]
    if not isinstance(node, dict):
        return node
    asked = node.get("Fn::Transform")
    if isinstance(asked, dict) and asked.get("Name") == "AWS::Include":
        rest = {key: value for key, value in node.items() if key != "Fn::Transform"}
        return {**parsed(folder / asked["Parameters"]["Location"]), **rest}
    return {key: included(value, folder) for key, value in node.items()}


def parsed(path):
    """YAML or JSON, whose dates are texts: policies and OpenAPI have versions that look like one."""
    return json.loads(json.dumps(yaml_parse(path.read_text()), default=str))
