"""What one side keeps: the tables, queues, topics, buses, streams and machines of its stack, made and filled."""

import functools
import json
import time
import urllib.request

import boto3
from botocore.config import Config

from emulators import CREDENTIALS
from names import arn

# Queues of our own that listen to topics and buses.
EAR = "ear-"
INDEXES = ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")


@functools.cache
def client(service, address):
    return boto3.client(
        service,
        endpoint_url=address,
        region_name=CREDENTIALS["AWS_REGION"],
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"total_max_attempts": 1}),
    )


class World:
    """`queues` and `ears` are addresses by name, `streams` where to read on, `machines` what was seen there."""

    def __init__(self, stack, emulators):
        self.stack = stack
        self.emulators = emulators
        self.tables = []
        self.queues, self.ears, self.streams, self.machines = {}, {}, {}, {}
        self.clear()
        self.build()

    def client(self, service):
        return client(service, self.emulators.address(service))

    def clear(self):
        dynamodb = self.client("dynamodb")
        for name in dynamodb.list_tables()["TableNames"]:
            dynamodb.delete_table(TableName=name)
        reset = urllib.request.Request(self.emulators.address("sqs") + "/moto-api/reset", method="POST")
        urllib.request.urlopen(reset).close()

    def build(self):
        makers = {
            "AWS::DynamoDB::Table": self.table,
            "AWS::SQS::Queue": self.queue,
            "AWS::SNS::Topic": self.topic,
            "AWS::Events::EventBus": self.bus,
            "AWS::Kinesis::Stream": self.stream,
            "AWS::StepFunctions::StateMachine": self.machine,
        }
        for kind, make in makers.items():
            for logical, properties in self.stack.of(kind).items():
                make(self.stack.name(kind, logical), properties, logical)
        if "PutEvents" in json.dumps(self.stack.resources, default=str):
            self.listen_to_bus("default")

    def table(self, name, properties, _):
        self.tables.append(name)
        dynamodb = self.client("dynamodb")
        indexes = {key: [bare(index) for index in properties[key]] for key in INDEXES if key in properties}
        # A table of the same name may still be going.
        for _ in range(200):
            try:
                dynamodb.create_table(
                    TableName=name,
                    BillingMode="PAY_PER_REQUEST",
                    AttributeDefinitions=properties["AttributeDefinitions"],
                    KeySchema=properties["KeySchema"],
                    **indexes,
                )
                break
            except dynamodb.exceptions.ResourceInUseException:
                time.sleep(0.02)
        while dynamodb.describe_table(TableName=name)["Table"]["TableStatus"] != "ACTIVE":
            time.sleep(0.02)

    def queue(self, name, properties, _):
        wanted = ("FifoQueue", "ContentBasedDeduplication")
        attributes = {key: "true" for key in wanted if str(properties.get(key)).lower() == "true"}
        self.queues[name] = self.client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def topic(self, name, _, __):
        sns = self.client("sns")
        topic = sns.create_topic(Name=name)["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=self.ear(name))

    def bus(self, name, _, __):
        self.client("events").create_event_bus(Name=name)
        self.listen_to_bus(name)

    def listen_to_bus(self, name):
        events = self.client("events")
        events.put_rule(Name=EAR + name, EventBusName=name, EventPattern=json.dumps({"version": ["0"]}))
        events.put_targets(Rule=EAR + name, EventBusName=name, Targets=[{"Id": "ear", "Arn": self.ear(name)}])

    def ear(self, name):
        self.ears[name] = self.client("sqs").create_queue(QueueName=EAR + name)["QueueUrl"]
        return arn("sqs", EAR + name)

    def stream(self, name, _, __):
        kinesis = self.client("kinesis")
        kinesis.create_stream(StreamName=name, ShardCount=1)
        shard = kinesis.list_shards(StreamName=name)["Shards"][0]["ShardId"]
        begin = kinesis.get_shard_iterator(StreamName=name, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        self.streams[name] = begin["ShardIterator"]

    def machine(self, name, properties, logical):
        self.client("stepfunctions").create_state_machine(
            name=name,
            definition=self.stack.machine(logical),
            roleArn="arn:aws:iam::123456789012:role/machine",
            type=properties.get("StateMachineType", "STANDARD"),
        )
        self.machines[name] = set()

    def fill(self, items):
        """Puts items, in DynamoDB JSON, by the logical id of their table."""
        dynamodb = self.client("dynamodb")
        for logical, rows in items.items():
            for row in rows:
                dynamodb.put_item(TableName=self.stack.name("AWS::DynamoDB::Table", logical), Item=row)

    def copy(self, other):
        """Takes the items of another world in the place of its own."""
        for table in self.tables:
            mine, theirs = (keyed(world, table) for world in (self, other))
            for key in mine.keys() - theirs.keys():
                self.client("dynamodb").delete_item(TableName=table, Key=mine[key][0])
            for key, (_, item) in theirs.items():
                if mine.get(key, (None, None))[1] != item:
                    self.client("dynamodb").put_item(TableName=table, Item=item)


def keyed(world, table):
    """Keys and items of a table, by the text of the key."""
    dynamodb = world.client("dynamodb")
    names = [part["AttributeName"] for part in dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]]
    pages = dynamodb.get_paginator("scan").paginate(TableName=table)
    found = [({name: item[name] for name in names}, item) for page in pages for item in page["Items"]]
    return {repr(key): (key, item) for key, item in found}


def bare(index):
    return {key: value for key, value in index.items() if key in ("IndexName", "KeySchema", "Projection")}
