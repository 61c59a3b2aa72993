//! Branches that only add to lists.

use super::{Case, has, python};

const CHECKS: &str = "
import boto3

table = boto3.resource('dynamodb').Table('orders')

def check(payload):
    problems = []
    for field in ('a', 'b', 'c', 'd', 'e', 'f'):
        if field not in payload:
            problems.append(f'missing {field}')
    if payload.get('a') is not None and not isinstance(payload['a'], int):
        problems.append('a is no number')
    if len(str(payload.get('b', ''))) > 40:
        problems.append('b is too long')
    return problems

def handler(event, context):
    problems = check(event)
    if problems:
        return {'statusCode': 400, 'body': '; '.join(problems)}
    table.put_item(Item={'id': event['a']})
    return {'statusCode': 200}
";

#[test]
fn checks_are_one_question() {
    let summary = Case::new(&[("app.py", CHECKS)], "handler").summary();
    assert_eq!(summary.paths.len(), 2, "{:?}", summary.paths);
    assert!(summary.unknowns.is_empty(), "{:?}", summary.unknowns);
    let reads = |name: &str| summary.event_reads.iter().filter(|read| read.path == [name]).count();
    assert_eq!(["a", "b", "c", "d", "e", "f"].map(reads), [4, 2, 1, 1, 1, 1]);
}

#[test]
fn what_is_known_is_not_asked() {
    let print = python(
        "
def handler(event, context):
    if event['kind'] != 'order':
        return 'no'
    found = []
    if event['kind'] == 'order':
        found.append('a')
    if event['kind'] == 'refund':
        found.append('b')
    return found
",
    );
    has(&print, &["returns ['a'] at 10"]);
}

#[test]
fn calls_and_exits_stay_questions() {
    let print = python(
        "
import boto3

table = boto3.resource('dynamodb').Table('orders')

def handler(event, context):
    found = []
    if event.get('id'):
        found.append(table.get_item(Key={'id': event['id']}))
    return found
",
    );
    has(&print, &["path [0] when truthy event.id", "path [] when not truthy event.id"]);
}

#[test]
fn what_is_gathered_in_a_loop_is_some_of_its_items() {
    let print = python(
        "
def handler(event, context):
    failed = []
    for record in event['Records']:
        if not record.get('body'):
            failed.append({'itemIdentifier': record['messageId']})
    return {'batchItemFailures': failed}
",
    );
    assert!(print.contains("each(<filter>(event.Records): "), "{print}");
    has(&print, &["event Records.*.messageId at 6 required may", "event Records.*.body at 5 must"]);
    assert_eq!(print.matches("path [").count(), 1, "{print}");
}

#[test]
fn a_default_that_is_computed_is_no_question() {
    let print = python(
        "
import uuid

def handler(event, context):
    return {'id': event.get('id') or str(uuid.uuid4())}
",
    );
    assert_eq!(print.matches("path [").count(), 1, "{print}");
}

#[test]
fn no_path_goes_on_from_what_was_only_tried() {
    let send = "exports.send = async ({ users, message, save = true }) => {
  if (!Array.isArray(users)) {
    throw new Error('no users')
  }
  if (typeof message !== 'object' || typeof message.action !== 'string') {
    throw new Error('no action')
  }
  await Promise.allSettled(users.map((user) => console.log(user))).then((results) => (console.log('sent', results)))
}
";
    let app = "const { send } = require('./send')
exports.handler = async (event) => {
  const promises = []
  if (confirmed) {
    console.log(`confirmed by ${voters.size} of ${user.needed}`)
    promises.push(leave({ user: user }))
    promises.push(send({}))
  }
  await Promise.all(promises)
}
";
    let print = Case::new(&[("app.js", app), ("send.js", send)], "handler").print();
    assert!(!print.is_empty(), "it ends");
}
