"""What a side keeps at a moment, in a form that two sides can be compared in."""

import json
import re

from names import arn, last

MADE_UP = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Parts of a notification or an event that differ each time.
FLEETING = {"MessageId", "Timestamp", "Signature", "SigningCertURL", "UnsubscribeURL", "id", "time"}


def kept(world):
    """All items, and what queues, topics, buses, streams and machines got since the last look."""
    return {
        "items": {name: items(world, name) for name in world.client("dynamodb").list_tables()["TableNames"]},
        "messages": {name: messages(world, address) for name, address in world.queues.items()},
        "heard": {name: [lasting(one) for one in messages(world, address)] for name, address in world.ears.items()},
        "records": {name: records(world, name) for name in world.streams},
        "executions": {name: executions(world, name) for name in world.machines},
    }


def items(world, table):
    pages = world.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    return sorted(json.dumps(item, sort_keys=True, default=repr) for page in pages for item in page["Items"])


def messages(world, address):
    """Takes all messages out of a queue."""
    sqs = world.client("sqs")
    found = []
    while True:
        answer = sqs.receive_message(
            QueueUrl=address, MaxNumberOfMessages=10, MessageAttributeNames=["All"], AttributeNames=["All"]
        )
        if not answer.get("Messages"):
            return found
        for message in answer["Messages"]:
            sqs.delete_message(QueueUrl=address, ReceiptHandle=message["ReceiptHandle"])
            order = {key: message["Attributes"].get(key) for key in ("MessageGroupId", "MessageDeduplicationId")}
            found.append([message["Body"], repr(message.get("MessageAttributes")), order])


def lasting(message):
    """A notification or an event without its fleeting parts."""
    told = {key: value for key, value in json.loads(message[0]).items() if key not in FLEETING}
    return json.dumps(told, sort_keys=True)


def records(world, stream):
    answer = world.client("kinesis").get_records(ShardIterator=world.streams[stream])
    world.streams[stream] = answer["NextShardIterator"]
    return [[record["PartitionKey"], repr(record["Data"])] for record in answer["Records"]]


def executions(world, machine):
    states = world.client("stepfunctions")
    lists = states.get_paginator("list_executions").paginate(stateMachineArn=arn("states", f"stateMachine:{machine}"))
    started = {run["executionArn"] for page in lists for run in page["executions"]}
    new = started - world.machines[machine]
    world.machines[machine] |= new
    found = []
    for one in new:
        name = MADE_UP.sub("(made up)", last(one))
        found.append([name, states.describe_execution(executionArn=one)["input"]])
    return sorted(found)
