"""What a side keeps at a moment, in a form that two sides can be compared in."""

import json

from names import arn, last
from told import MADE_UP, meaning, plain, told

# Parts of a notification or an event that differ each time.
FLEETING = {"MessageId", "Timestamp", "Signature", "SigningCertURL", "UnsubscribeURL", "id", "time"}
ORDER = ("MessageGroupId", "MessageDeduplicationId")
# Messages of one call, and executions that one request may start.
MOST = 10


def kept(world, said=None, ran=False):
    """All items, and what queues, topics, buses, streams and machines got since the last look.

    `said` is the body of the request in between. Machines do not count where it is we who ran them.
    """
    return {
        "items": {name: items(world, name) for name in world.tables},
        "messages": {name: [message(one, said) for one in taken(world, url)] for name, url in world.queues.items()},
        "heard": {name: [heard(one, said) for one in taken(world, url)] for name, url in world.ears.items()},
        "records": {name: records(world, name, said) for name in world.streams},
        "executions": {name: executions(world, name, said) for name in world.machines if not ran},
    }


def items(world, table):
    pages = world.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    texts = (json.dumps(item, sort_keys=True, default=repr) for page in pages for item in page["Items"])
    return sorted(MADE_UP.sub("(made up)", text) for text in texts)


def taken(world, address):
    """Takes all messages out of a queue."""
    sqs = world.client("sqs")
    found = []
    while True:
        answer = sqs.receive_message(
            QueueUrl=address, MaxNumberOfMessages=MOST, MessageAttributeNames=["All"], AttributeNames=["All"]
        )
        messages = answer.get("Messages", [])
        for one in messages:
            sqs.delete_message(QueueUrl=address, ReceiptHandle=one["ReceiptHandle"])
        found += messages
        if len(messages) < MOST:
            return found


def message(one, said):
    order = [MADE_UP.sub("(made up)", str(one["Attributes"].get(key))) for key in ORDER]
    return [told(one["Body"], said), repr(one.get("MessageAttributes")), order]


def heard(one, said):
    """A notification or an event without its fleeting parts."""
    lasting = {key: value for key, value in meaning(one["Body"])[0].items() if key not in FLEETING}
    if "Message" in lasting:
        lasting["Message"] = told(lasting["Message"], said)
    return plain(lasting)


def records(world, stream, said):
    answer = world.client("kinesis").get_records(ShardIterator=world.streams[stream])
    world.streams[stream] = answer["NextShardIterator"]
    return [[record["PartitionKey"], told(record["Data"].decode(errors="replace"), said)] for record in answer["Records"]]


def executions(world, machine, said):
    states = world.client("stepfunctions")
    latest = states.list_executions(stateMachineArn=arn("states", f"stateMachine:{machine}"), maxResults=MOST)
    new = {run["executionArn"] for run in latest["executions"]} - world.machines[machine]
    world.machines[machine] |= new
    inputs = [(last(one), states.describe_execution(executionArn=one)["input"]) for one in new]
    return sorted([MADE_UP.sub("(made up)", name), told(given, said)] for name, given in inputs)
