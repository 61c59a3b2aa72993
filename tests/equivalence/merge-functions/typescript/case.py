"""TypeScript that esbuild builds from one file for each function."""

import bodies
from exchange import Request

app = "tests/refactorings/merge-functions/typescript/before"
function = "merge-functions"


def items(draw):
    return {"TasksTable": [{"id": {"S": f"task-{number}"}, "title": {"S": draw.text()}} for number in range(60)]}


def request(draw, items):
    known = draw.choice(items["TasksTable"])["id"]["S"]
    path = f"/tasks/{draw.one((3, known), (1, f'task-{draw.randint(1, 99)}'), (1, draw.segment))}"
    return draw.one(
        (1, lambda: bodies.request(draw, "/tasks", {"id": draw.text(), "title": draw.text()})),
        (1, lambda: bodies.request(draw, path, {"done": True}, method="PUT")),
    )
