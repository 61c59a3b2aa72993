def told(order):
    lines = []
    lines.append(f"Hello {order['name']}")
    if order.get("gift"):
        lines.append("For you: " + order["gift"])
    lines.append("Thanks for order " + str(order["id"]))
    return {"greeting": "\n".join(lines)}


def handler(event, context):
    return told(event["order"])
