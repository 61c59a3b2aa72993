"""What several functions share."""

import json
from decimal import Decimal

HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-store"}


# Money is a decimal.
def answered(code, content):
    def plain(value):
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        return str(value)

    return {"statusCode": code, "headers": HEADERS, "body": json.dumps(content, default=plain)}
