"""Renders mapping templates in Velocity, twice: a reference to nothing is blank, or as Velocity has it."""

import json
import subprocess


class Unrendered(Exception):
    """The template failed."""


class Templates:
    def __init__(self, cache):
        command = ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", f"{cache}/classes:{cache}/jars/*", "Templates"]
        self.program = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
        )
        # Both renderings of the last template that depends on the reading.
        self.doubtful = None

    def render(self, template, body, parameters, context):
        """The text and the context as the template left it."""
        asked = {
            "template": template,
            "body": body,
            "parameters": parameters,
            "context": context,
            "stageVariables": {},
        }
        self.program.stdin.write(json.dumps(asked) + "\n")
        self.program.stdin.flush()
        answer = json.loads(self.program.stdout.readline())
        blank, stock = answer["blank"], answer["stock"]
        if blank != stock:
            self.doubtful = template, blank, stock
        if "error" in blank:
            raise Unrendered(blank["error"])
        return blank["output"], blank["context"]

    def close(self):
        self.program.stdin.close()
        self.program.wait(10)
