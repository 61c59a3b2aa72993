"""Hands each request to the handler of its route."""

from add_cart.app import handler as add_cart_function
from remove_cart.app import handler as remove_cart_function

ROUTES = {
    "POST /carts": add_cart_function,
    "DELETE /carts/{cartId}": remove_cart_function,
}


def handler(event, context):
    return ROUTES[f"{event['httpMethod']} {event['resource']}"](event, context)
