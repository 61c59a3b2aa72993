"""Hands each request to the handler of its route."""

from handlers.create import handler as create_note
from handlers.delete import handler as delete_note

ROUTES = {
    "POST /notes": create_note,
    "DELETE /notes/{id}": delete_note,
}


def handler(event, context):
    return ROUTES[f"{event['httpMethod']} {event['resource']}"](event, context)
