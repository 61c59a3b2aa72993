"""What time it is."""

import json
from datetime import datetime, timezone
from decimal import Decimal

HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-store"}


LATE = 22


# Money is a decimal.
def answered(code, content):
    def plain(value):
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        return str(value)

    return {"statusCode": code, "headers": HEADERS, "body": json.dumps(content, default=plain)}


def handler(event, context):
    now = datetime.now(timezone.utc)
    if now.hour > LATE:
        return {"statusCode": 503, "headers": HEADERS, "body": ""}
    return answered(200, {"now": now})
