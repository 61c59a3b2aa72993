import json
import os
import urllib.request
from decimal import Decimal
from urllib.error import HTTPError

from shared_table import open_table

table = open_table("PAYMENTS_TABLE")


class PaymentDeclined(Exception):
    pass


def charge(customer_id, amount):
    request = urllib.request.Request(
        f"https://{os.environ['PAYMENT_HOST']}/charges",
        data=json.dumps({"customer": customer_id, "amount": str(amount)}).encode(),
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)
    except HTTPError as error:
        if error.code == 402:
            raise PaymentDeclined(customer_id) from error
        raise


def handler(event, context):
    amount = Decimal(str(event["amount"]))
    if amount > 10_000:
        raise PaymentDeclined("needs a review")
    charged = charge(event["customerId"], amount)
    table.put_item(Item={"paymentId": charged["id"], "customerId": event["customerId"], "amount": amount})
    return {"paymentId": charged["id"]}
