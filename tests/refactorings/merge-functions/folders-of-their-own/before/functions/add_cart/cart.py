def total(items):
    return sum(item["quantity"] for item in items)
