//! Idioms of Python handlers.

use super::{Case, has, python};

#[test]
fn injected_and_lazy_clients_are_followed() {
    let print = python(
        r#"
import os
import boto3

class Repository:
    def __init__(self, table):
        self.table = table

    def load(self, key):
        return self.table.query(KeyConditionExpression=key)["Items"]

_client = None

def client():
    global _client
    if _client is None:
        _client = boto3.client("sqs")
    return _client

repository = Repository(boto3.resource("dynamodb").Table("orders"))

def handler(event, context):
    for order in repository.load(event["id"]):
        client().send_message(QueueUrl=os.getenv("QUEUE", "q"), MessageBody=order["id"])
"#,
    );
    has(
        &print,
        &[
            "effect 0: dynamodb:Query on 'orders' at 10 must",
            "effect 1: sqs:SendMessage on env QUEUE at 24 must per item of unmarshall(result 0.Items)",
            "env QUEUE at 24 default must",
            "init sqs at 17",
        ],
    );
}

#[test]
fn a_client_of_each_invocation_is_told_apart() {
    let print =
        python("import boto3\n\ndef handler(event, context):\n    boto3.client('s3').list_buckets()\n");
    has(&print, &["init s3 at 4 each time", "effect 0: s3:ListBuckets at 4 must"]);
}

#[test]
fn failures_go_to_the_clause_that_takes_them() {
    let print = python(
        r#"
import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3")

def handler(event, context):
    try:
        s3.put_object(Bucket="b", Key=event["key"])
    except ClientError as error:
        return {"statusCode": 500, "body": str(error)}
    return {"statusCode": 204}
"#,
    );
    has(
        &print,
        &[
            "path [0] when not failed 0 ClientError",
            "returns {statusCode: 204} at 12",
            "path [0] when failed 0 ClientError",
            "returns {statusCode: 500, body: string(result 0.error)} at 11",
        ],
    );
}

#[test]
fn packages_submodules_and_decorators_of_the_project() {
    let files = [
        (
            "app.py",
            "from lib import guarded\nfrom lib.store import save as keep\n\n@guarded('admin')\ndef handler(event, context):\n    keep(event['detail'])\n    return 'ok'\n",
        ),
        (
            "lib/__init__.py",
            "import functools\n\ndef guarded(role):\n    def outer(f):\n        @functools.wraps(f)\n        def inner(event, context):\n            if event['role'] != role:\n                return 'no'\n            return f(event, context)\n        return inner\n    return outer\n",
        ),
        (
            "lib/store.py",
            "import boto3\ntable = boto3.resource('dynamodb').Table('t')\n\ndef save(item):\n    table.put_item(Item=item)\n",
        ),
    ];
    let print = Case::new(&files, "handler").print();
    has(
        &print,
        &[
            "effect 0: dynamodb:PutItem on 't' at lib/store.py:5 may",
            "input {Item: marshall(event.detail), TableName: 't'}",
            "path [0] when event.role == 'admin'",
            "path [] when not event.role == 'admin'",
        ],
    );
}

#[test]
fn loops_run_once_for_all_turns() {
    let print = python(
        r#"
import boto3
dynamodb = boto3.client("dynamodb")

def handler(event, context):
    kwargs = {"TableName": "t"}
    last = None
    while True:
        if last:
            kwargs["ExclusiveStartKey"] = last
        page = dynamodb.scan(**kwargs)
        last = page.get("LastEvaluatedKey")
        if not last:
            break
    return {"ok": True}
"#,
    );
    has(&print, &["effect 0: dynamodb:Scan on 't' at 11 must many"]);
    assert!(!print.contains("unknown"), "{print}");
}

#[test]
fn branches_that_change_nothing_are_no_paths() {
    let print = python(
        "import logging\nlogger = logging.getLogger()\n\ndef handler(event, context):\n    if event.get('debug'):\n        logger.info(event)\n    return 1\n",
    );
    assert_eq!(print.matches("path ").count(), 1, "{print}");
}

#[test]
fn many_branches_are_all_entered() {
    let mut text = "import boto3\ns3 = boto3.client('s3')\n\ndef handler(event, context):\n".to_owned();
    for index in 0..12 {
        text.push_str(&format!(
            "    if event['f{index}']:\n        s3.delete_object(Bucket='b{index}', Key='k')\n"
        ));
    }
    let print = python(&text);
    for index in 0..12 {
        has(&print, &[&format!("effect {index}: s3:DeleteObject on 'b{index}' at {} may", 6 + index * 2)]);
    }
    assert!(print.contains("too many paths"), "{print}");
}

#[test]
fn settings_are_read_from_the_environment() {
    let print = python(
        "from pydantic_settings import BaseSettings\n\nclass Settings(BaseSettings):\n    table_name: str\n    stage: str = 'dev'\n\nsettings = Settings()\n\ndef handler(event, context):\n    return settings.table_name\n",
    );
    has(
        &print,
        &[
            "env TABLE_NAME at 4 must init",
            "env STAGE at 5 default must init",
            "returns env TABLE_NAME at 10",
        ],
    );
}

#[test]
fn fields_of_types_made_of_parts_are_fields_all_the_same() {
    let print = python(
        "from typing import ClassVar, Literal, Optional\nfrom pydantic_settings import BaseSettings\n\nclass Settings(BaseSettings):\n    shared: ClassVar[str] = 'x'\n    token: Optional[str] = None\n    stage: Literal['dev', 'prod'] = 'dev'\n    bucket: str | None = None\n    quoted: 'list[str]' = []\n\nsettings = Settings()\n\ndef handler(event, context):\n    return settings.token\n",
    );
    has(
        &print,
        &[
            "env TOKEN at 6 default must init",
            "env STAGE at 7 default must init",
            "env BUCKET at 8 default must init",
            "env QUOTED at 9 default must init",
        ],
    );
    assert!(!print.contains("SHARED"), "{print}");
}

#[test]
fn a_field_that_may_be_absent_is_filled_by_place() {
    let print = python(
        "import boto3\nfrom dataclasses import dataclass\nfrom typing import Optional\n\n@dataclass\nclass Order:\n    note: Optional[str] = None\n    table: str = 'none'\n\ndef handler(event, context):\n    order = Order(event['note'], 'orders')\n    if order.note:\n        boto3.resource('dynamodb').Table(order.table).put_item(Item={'note': order.note})\n",
    );
    has(&print, &["effect 0: dynamodb:PutItem on 'orders' at 13 may"]);
}

#[test]
fn of_entries_that_are_kept_or_not_all_may_be_there() {
    let print = python(
        "import boto3\n\ndef parse(data):\n    given = {'email': data.get('email'), 'flag': data.get('flag')}\n    return {key: value for key, value in given.items() if value}\n\ndef handler(event, context):\n    one = parse(event)\n    if one.get('email') is None and one.get('phone') is None:\n        return\n    boto3.client('sns').publish(TopicArn='t', Message=one['email'])\n",
    );
    has(&print, &["effect 0: sns:Publish on 't' at 11 may"]);
}

#[test]
fn what_is_not_followed_is_said() {
    let print = python(
        "import boto3\nimport magic\n\ndef handler(event, context):\n    return magic.run(boto3.client('s3'))\n",
    );
    has(&print, &["unknown at 5: a client is given to `magic.run` (may have effects)"]);
}

#[test]
fn what_only_left_out_paths_do_is_known_all_the_same() {
    let mut text = "import boto3\nsns = boto3.client('sns')\ns3 = boto3.client('s3')\ndef handler(event, context):\n    done = False\n    if event['first']:\n        done = True\n".to_owned();
    for index in 0..12 {
        text.push_str(&format!(
            "    if event['f{index}']:\n        s3.delete_object(Bucket='b{index}', Key='k')\n"
        ));
    }
    text.push_str("    if event['last']:\n        done = True\n    if done:\n        return\n    sns.publish(TopicArn='t', Message='m')\n");
    let print = python(&text);
    // Both must be absent, and the paths between are many.
    has(
        &print,
        &["effect 12: sns:Publish on 't' at 36 may", "unknown at 36: too many paths (may have effects)"],
    );
}

#[test]
fn items_of_another_list_make_a_list_longer() {
    let print = super::javascript(
        "const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');\nconst sqs = new SQSClient({});\nexports.handler = async (event) => {\n  const all = [];\n  all.push(...event.items);\n  if (all.length > 0) await sqs.send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: 'm' }));\n};\n",
    );
    has(&print, &["effect 0: sqs:SendMessage on 'q' at 6 may"]);
}

#[test]
fn a_bound_method_knows_its_client() {
    let print = python(
        "import boto3\n\ndef pages(method):\n    return method.__self__.get_paginator(method.__name__).paginate()\n\ndef handler(event, context):\n    pages(boto3.client('organizations').list_accounts)\n",
    );
    has(&print, &["effect 0: organizations:ListAccounts at 4 must many"]);
}

#[test]
fn credentials_of_a_session_are_those_of_its_clients() {
    let case = Case::new(
        &[(
            "app.py",
            "import boto3\n\ndef handler(event, context):\n    role = boto3.client('sts').assume_role(RoleArn='r', RoleSessionName='s')\n    session = boto3.Session(aws_access_key_id=role['Credentials']['AccessKeyId'])\n    session.client('s3').list_buckets()\n",
        )],
        "handler",
    );
    let inits = case.summary().inits;
    let facts: Vec<(&str, bool, bool)> =
        inits.iter().map(|init| (init.what.as_str(), init.own_credentials, init.invariant)).collect();
    assert_eq!(facts, [("sts", false, true), ("s3", true, false)]);
}

#[test]
fn absence_that_is_thought_of_is_noted() {
    let case = Case::new(
        &[(
            "app.js",
            "exports.handler = async (event) => {\n  const id = event.pathParameters?.id;\n  const a = event.httpMethod || event.requestContext.http.method;\n  return { id, a, path: event.rawPath };\n};\n",
        )],
        "handler",
    );
    let reads = case.summary().event_reads;
    let facts: Vec<(String, bool)> =
        reads.iter().map(|read| (read.path.join("."), read.has_default)).collect();
    let fact = |path: &str, has_default| (path.to_owned(), has_default);
    assert_eq!(
        facts,
        [
            fact("httpMethod", true),
            fact("pathParameters.id", true),
            fact("rawPath", false),
            fact("requestContext.http.method", true)
        ]
    );
}

#[test]
fn of_entries_under_keys_that_are_not_known_none_is_taken_for_all() {
    let text = r#"
import boto3, os
table = boto3.resource("dynamodb").Table("carts")

def add(event, context):
    table.put_item(Item={"id": event["id"]})

def remove(event, context):
    table.delete_item(Key={"id": event["id"]})

ROUTES = {os.environ["ADD"]: add, os.environ["REMOVE"]: remove}

def handler(event, context):
    return ROUTES[event["action"]](event, context)
"#;
    let print = python(text);
    assert!(!print.contains("dynamodb:DeleteItem"), "{print}");
    has(
        &print,
        &["unknown at 14: one of several functions under keys that are not known (may have effects)"],
    );
}

#[test]
fn constructors_of_parents_run_on_the_instance() {
    let print = python(
        r#"
import boto3

class Timed:
    pass

class Repository:
    def __init__(self, name, index=None):
        self.table = boto3.resource("dynamodb").Table(name)

class Orders(Timed, Repository):
    def __init__(self, name):
        super().__init__(name, index="by-user")
        self.kind = "order"

    def add(self, item):
        self.table.put_item(Item=item)

def handler(event, context):
    Orders("orders").add({"id": event["id"]})
"#,
    );
    has(&print, &["effect 0: dynamodb:PutItem on 'orders' at 17 must"]);
}

#[test]
fn all_entries_of_a_table_of_functions_are_run() {
    let print = python(
        r#"
import boto3

sqs = boto3.client("sqs")

def one(event):
    sqs.send_message(QueueUrl="one", MessageBody="1")

def two(event):
    sqs.send_message(QueueUrl="two", MessageBody="2")

def three(event):
    sqs.send_message(QueueUrl="three", MessageBody="3")

ACTIONS = [("one", one), ("two", two), ("three", three)]

def handler(event, context):
    for name, action in ACTIONS:
        if event["action"] == name:
            return action(event)
"#,
    );
    has(
        &print,
        &[
            "effect 0: sqs:SendMessage on 'one' at 7 may",
            "effect 1: sqs:SendMessage on 'two' at 10 may",
            "effect 2: sqs:SendMessage on 'three' at 13 may",
        ],
    );
}

#[test]
fn an_instance_is_walked_by_its_methods() {
    let print = python(
        r#"
import boto3

class Pages:
    def __init__(self, table):
        self.client = boto3.client("dynamodb")
        self.table = table
        self.done = False

    def __iter__(self):
        return self

    def __next__(self):
        if self.done:
            raise StopIteration
        page = self.client.scan(TableName=self.table)
        self.done = "LastEvaluatedKey" not in page
        return page

def handler(event, context):
    for page in Pages("orders"):
        boto3.client("sns").publish(TopicArn="t", Message=page["Count"])
"#,
    );
    has(
        &print,
        &[
            "effect 0: dynamodb:Scan on 'orders' at 16 must many",
            "effect 1: sns:Publish on 't' at 22 must per item of ?",
        ],
    );
}

#[test]
fn a_package_calls_what_is_made_for_it() {
    let print = python(
        r#"
import boto3
from spotify import CacheHandler, Client

class Cache(CacheHandler):
    def __init__(self, name):
        self.name = name
        self.ssm = boto3.client("ssm")

    def save_token(self, token):
        self.ssm.put_parameter(Name=self.name, Value=token)

def handler(event, context):
    return Client(cache=Cache("/token")).playlists()
"#,
    );
    has(&print, &["effect 0: ssm:PutParameter on '/token' at 11 must many"]);
}

#[test]
fn functions_under_pairs_and_computed_names_are_cases() {
    let print = python(
        r#"
import boto3

sqs = boto3.client("sqs")
ROUTES = {}

def route(method, path):
    def register(function):
        ROUTES[method, path] = function
        return function
    return register

@route("GET", "/a")
def one(event):
    sqs.send_message(QueueUrl="one", MessageBody="1")

@route("POST", "/a")
def two(event):
    sqs.send_message(QueueUrl="two", MessageBody="2")

class Actions:
    def on_start(self):
        sqs.send_message(QueueUrl="three", MessageBody="3")

    def on_stop(self):
        sqs.send_message(QueueUrl="four", MessageBody="4")

    def other(self):
        sqs.send_message(QueueUrl="five", MessageBody="5")

def handler(event, context):
    action = getattr(Actions(), f"on_{event['type']}", None)
    if action:
        action()
    found = ROUTES.get((event["method"], event["path"]))
    if found is not None:
        found(event)
"#,
    );
    for queue in ["one", "two", "three", "four"] {
        assert!(print.contains(&format!("sqs:SendMessage on '{queue}'")), "{queue} in {print}");
    }
    assert!(!print.contains("'five'"), "{print}");
}

#[test]
fn what_runs_by_hand_is_not_run() {
    let print = python(
        r#"
import boto3

def handler(event, context):
    boto3.client("s3").put_object(Bucket=event["bucket"], Key="a", Body="b")

if __name__ == "__main__":
    print(handler({"bucket": "by-hand"}, None))
"#,
    );
    assert!(!print.contains("by-hand") && print.contains("s3:PutObject on event.bucket"), "{print}");
    let print = super::javascript(
        "const run = async (bucket) => new S3Client({}).send(new PutObjectCommand({ Bucket: bucket }));\n\
         import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3';\n\
         if (require.main === module) run('by-hand');\n\
         export const handler = (event) => run(event.bucket);\n",
    );
    assert!(!print.contains("by-hand") && print.contains("s3:PutObject on event.bucket"), "{print}");
}
