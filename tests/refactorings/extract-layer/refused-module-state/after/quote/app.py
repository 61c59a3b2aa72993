import prices

rates = prices.load("quote")


def price_of(product):
    return rates[product]


def rows_of(order):
    rows = []
    for line in order["lines"]:
        if line.get("price") is None:
            line["price"] = price_of(line["product"])
        rows.append({"product": line["product"], "sum": line["price"] * line["quantity"]})
    return sorted(rows, key=lambda row: row["product"])


def handler(event, context):
    return {"quote": rows_of(event)}
