"""The shop's machine: the first step stores the order under the name of the execution."""

from exchange import run

app = "corpus/apps/shop"
function = "CreateOrder"
# More than the shop takes without a review: the payment fails without a call, and the stock comes back.
AMOUNT = 20_000


def items(draw):
    return {"InventoryTable": [{"productId": {"S": f"product-{at}"}, "stock": {"N": "400"}} for at in range(5)]}


def request(draw, items):
    order = {
        "customerId": draw.text(),
        "productId": f"product-{draw.randint(0, 4)}",
        "quantity": draw.randint(1, 3),
        "amount": AMOUNT,
    }
    return run("OrderMachine", draw.one((8, order), (1, {**order, "customerId": draw.choice(["", "{}", "$.x"])})))
