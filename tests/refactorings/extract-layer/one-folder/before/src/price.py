"""What a parcel costs."""

import json
from datetime import datetime, timezone
from decimal import Decimal

HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-store"}


# Money is a decimal.
def reply(code, content):
    def plain(value):
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        return str(value)

    return {"statusCode": code, "headers": HEADERS, "body": json.dumps(content, default=plain)}


def handler(event, context):
    weight = Decimal(event["weight"])
    return reply(200, {"price": weight * 3, "at": datetime.now(timezone.utc)})
