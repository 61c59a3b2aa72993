def told(order):
    lines = []
    lines.append(f"Unpaid: {order['number']}")
    if order.get("due"):
        lines.append("Please pay by: " + order["due"])
    lines.append("Amount " + str(order["total"]))
    return {"warning": "\n".join(lines)}


def handler(event, context):
    return told(event["invoice"])
