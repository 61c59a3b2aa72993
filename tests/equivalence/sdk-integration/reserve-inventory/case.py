"""The shop's machine: the second step takes from the stock, if there is enough."""

from exchange import run

app = "corpus/apps/shop"
function = "ReserveInventory"
AMOUNT = 20_000
known = {"out of stock": "the error has another name; nothing in the machine catches it"}


def items(draw):
    stocks = [{"productId": {"S": draw.segment()}, "stock": {"N": draw.choice(["5", "7.5", "400"])}} for _ in range(20)]
    return {"InventoryTable": stocks}


def request(draw, items):
    stock = draw.choice(items["InventoryTable"])
    quantity = draw.choice([0, 1, 2, 3, 5, 500])
    order = {"customerId": "c", "productId": stock["productId"]["S"], "quantity": quantity, "amount": AMOUNT}
    return run("OrderMachine", order, "out of stock" if quantity == 500 else "")
