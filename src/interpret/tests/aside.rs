//! Statements whose ways come to the same, and some whose do not.

use super::{has, python};

/// So many questions in a row would be more paths than are run.
fn often(statement: &str) -> String {
    format!("{statement}\n").repeat(8)
}

#[test]
fn what_is_only_logged_is_no_question() {
    let print = python(&format!(
        "
import logging
import boto3

logger = logging.getLogger()
table = boto3.resource('dynamodb').Table('orders')

def total(items):
    total = 0
    for item in items:
        if item['amount'] < 0:
            continue
        total += item['price']
    return total

def handler(event, context):
{}    table.put_item(Item={{'pk': event['id']}})
    return 'ok'
",
        often("    logger.info('total %s', total(event['items']))")
    ));
    assert!(!print.contains("too many paths"), "{print}");
    assert_eq!(print.matches("path [").count(), 1, "{print}");
    has(
        &print,
        &[
            "event items.*.amount at 11 required must",
            "event items.*.price at 13 required may",
            "event id at 25 required must",
        ],
    );
}

#[test]
fn what_is_noted_for_later_is_a_question() {
    let print = python(
        "
seen = {}

def note(event):
    if event.get('a'):
        seen['x'] = 'yes'

def handler(event, context):
    note(event)
    return seen.get('x', 'no')
",
    );
    has(&print, &["path [] when truthy event.a", "path [] when not truthy event.a"]);
}

#[test]
fn a_statement_that_may_end_the_handler_is_a_question() {
    let print = python(
        "
import logging

def check(event):
    if event.get('a'):
        return
    raise ValueError('a')

def handler(event, context):
    check(event)
    return 'ok'
",
    );
    assert_eq!(print.matches("path [").count(), 2, "{print}");
}

#[test]
fn what_was_asked_aside_can_be_asked_again() {
    let print = python(
        "
import logging
import boto3

logger = logging.getLogger()
table = boto3.resource('dynamodb').Table('orders')

def told(event):
    if event.get('a'):
        return 'a'
    return 'b'

def handler(event, context):
    logger.info(told(event))
    if event.get('a'):
        table.put_item(Item={'pk': '1'})
    return 'ok'
",
    );
    has(&print, &["path [0] when truthy event.a", "path [] when not truthy event.a"]);
}

#[test]
fn a_statement_that_a_later_path_reaches_first_is_no_question_either() {
    let print = python(&format!(
        "
import logging
import boto3

logger = logging.getLogger()
table = boto3.resource('dynamodb').Table('orders')

def told(event):
    return 'a' if event.get('a') else 'b'

def handler(event, context):
    if event.get('kind') == 'get':
        return table.get_item(Key={{'pk': event['id']}})
    if event.get('kind') == 'delete':
        table.delete_item(Key={{'pk': event['id']}})
        return 'gone'
    if not event.get('id'):
        return 'no id'
{}    table.put_item(Item={{'pk': event['id']}})
    return 'ok'
",
        often("    logger.info(told(event))")
    ));
    assert_eq!(print.matches("path [").count(), 4, "{print}");
    has(
        &print,
        &[
            "path [0] when event.kind == 'get'",
            "path [1] when not event.kind == 'get' and event.kind == 'delete'",
        ],
    );
}

#[test]
fn ways_with_other_effects_do_not_come_to_the_same() {
    let print = python(
        "
import boto3

table = boto3.resource('dynamodb').Table('orders')

def kept(event, on):
    if on:
        if event.get('a'):
            table.put_item(Item={'pk': '1'})
        else:
            table.delete_item(Key={'pk': '1'})
    elif event.get('b'):
        print('b')

def handler(event, context):
    for on in (False, True):
        kept(event, on)
    return 'ok'
",
    );
    has(&print, &["path [0] when truthy event.a", "path [1] when not truthy event.a"]);
}
