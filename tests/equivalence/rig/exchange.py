"""A request as it travels, and the answer to it."""

from dataclasses import dataclass, field

# The method of a request that runs a state machine: its path is the machine, its body the input.
RUN = "RUN"


@dataclass
class Request:
    """`path` is as a client sends it. `label` says what is special about the request."""

    method: str
    path: str
    query: list = field(default_factory=list)
    headers: dict = field(default_factory=dict)
    body: object = None
    label: str = ""

    def header(self, name):
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), None)

    def all_headers(self):
        """With those that every client sends."""
        return {"Host": "api.example.com", "User-Agent": "equivalence", **self.headers}


@dataclass
class Answer:
    status: int
    headers: dict
    body: str
    why: str = ""


def run(machine, given, label=""):
    """A request that runs a state machine."""
    return Request(RUN, machine, body=given, label=label)


def fault(status, message, why=""):
    """An answer of API Gateway itself."""
    return Answer(status, {}, '{"message": "%s"}' % message, why)


def internal_error(why):
    """What a client sees of a function that failed."""
    return fault(502, "Internal server error", why)
