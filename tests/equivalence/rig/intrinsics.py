"""Intrinsic functions and conditions of a translated template, for the default parameters."""

import base64
import re

from names import ACCOUNT, KINDS, REGION

PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/equivalence/1",
    "AWS::StackName": "equivalence",
    "AWS::URLSuffix": "amazonaws.com",
}
NOTHING = object()


def resolved(template, queues):
    """The resources whose conditions hold. `queues` gives the address of a queue by its name."""
    scope = Scope(template, queues)
    found = {}
    for name, resource in template["Resources"].items():
        if "Condition" not in resource or scope.holds(resource["Condition"]):
            properties = scope.value(resource.get("Properties", {}))
            found[name] = {"Type": resource["Type"], "Properties": properties}
    return found


class Scope:
    def __init__(self, template, queues):
        self.resources = template["Resources"]
        self.conditions = template.get("Conditions", {})
        self.mappings = template.get("Mappings", {})
        self.parameters = {name: given.get("Default", "") for name, given in template.get("Parameters", {}).items()}
        self.queues = queues

    def value(self, node):
        if isinstance(node, list):
            return [value for value in map(self.value, node) if value is not NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (key, asked), = node.items()
            function = getattr(self, key.replace("Fn::", "").lower() + "_of", None)
            if function and (key == "Ref" or key.startswith("Fn::")):
                return function(asked)
        values = {key: self.value(value) for key, value in node.items()}
        return {key: value for key, value in values.items() if value is not NOTHING}

    def holds(self, asked):
        if isinstance(asked, str):
            return self.holds(self.conditions[asked])
        (key, parts), = asked.items()
        if key == "Condition":
            return self.holds(parts)
        if key == "Fn::Equals":
            return str(self.value(parts[0])) == str(self.value(parts[1]))
        held = [self.holds(part) for part in parts]
        return {"Fn::And": all(held), "Fn::Or": any(held), "Fn::Not": not held[0]}[key]

    def name(self, logical):
        resource = self.resources[logical]
        key = KINDS.get(resource["Type"], (None,))[0]
        return str(self.value(resource.get("Properties", {}).get(key, logical)))

    def ref_of(self, asked):
        if asked == "AWS::NoValue":
            return NOTHING
        if asked in PSEUDO:
            return PSEUDO[asked]
        if asked in self.parameters:
            return self.parameters[asked]
        if self.resources[asked]["Type"] == "AWS::SQS::Queue":
            return self.queues(self.name(asked))
        _, ref, _ = KINDS.get(self.resources[asked]["Type"], (None, str, None))
        return ref(self.name(asked))

    def getatt_of(self, asked):
        logical, attribute = asked.split(".", 1) if isinstance(asked, str) else asked
        _, _, arn = KINDS.get(self.resources[logical]["Type"], (None, None, None))
        if attribute == "Arn" and arn:
            return arn(self.name(logical))
        if attribute.endswith("Name"):
            return self.name(logical)
        return self.ref_of(logical)

    def sub_of(self, asked):
        text, given = asked if isinstance(asked, list) else (asked, {})

        def put(match):
            name = match[1].strip()
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in given:
                return str(self.value(given[name]))
            return str(self.getatt_of(name) if "." in name else self.ref_of(name))

        return re.sub(r"\$\{([^}]*)\}", put, text)

    def join_of(self, asked):
        return str(asked[0]).join(str(part) for part in self.value(asked[1]))

    def if_of(self, asked):
        return self.value(asked[1] if self.holds(asked[0]) else asked[2])

    def findinmap_of(self, asked):
        name, top, second = (self.value(part) for part in asked[:3])
        return self.value(self.mappings[name][str(top)][str(second)])

    def select_of(self, asked):
        return self.value(asked[1])[int(self.value(asked[0]))]

    def split_of(self, asked):
        return self.value(asked[1]).split(asked[0])

    def base64_of(self, asked):
        return base64.b64encode(self.value(asked).encode()).decode()
