"""Hands each request to the handler of its route."""

from drop_book import lambda_handler as drop_book
from put_book import lambda_handler as put_book

ROUTES = {
    "PUT /books/{id}": put_book,
    "DELETE /books/{id}": drop_book,
}


def lambda_handler(event, context):
    return ROUTES[f"{event['httpMethod']} {event['resource']}"](event, context)
