"""What a parcel costs."""

from datetime import datetime, timezone
from decimal import Decimal
from shared_answered import answered as reply


def handler(event, context):
    weight = Decimal(event["weight"])
    return reply(200, {"price": weight * 3, "at": datetime.now(timezone.utc)})
