"""What time it is."""

from datetime import datetime, timezone
from shared_answered import HEADERS, answered


LATE = 22


def handler(event, context):
    now = datetime.now(timezone.utc)
    if now.hour > LATE:
        return {"statusCode": 503, "headers": HEADERS, "body": ""}
    return answered(200, {"now": now})
