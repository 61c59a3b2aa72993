//! Functions that only hand events on to one target.

use super::forwarding::{all, finding, forwards};
use crate::graph::forwarding::Trigger;
use crate::rule::prelude::*;

rule! {
    /// ## What it does
    /// Finds functions that hand each event, or each record of a batch, on to one AWS call which the
    /// source of the events can reach itself.
    ///
    /// ## Why it matters
    /// A rule target, a pipe, a subscription, a notification or a schedule delivers the event without
    /// code, with retries and dead letter queues of its own.
    ///
    /// ## Example
    /// ```python
    /// def handler(event, context):
    ///     for record in event["Records"]:
    ///         sns.publish(TopicArn=TOPIC, Message=json.dumps(record))
    /// ```
    ///
    /// ## Use instead
    /// The target in place of the function; between a queue or stream and its target, an EventBridge
    /// pipe.
    ///
    /// ## When to keep it
    /// When batches keep the price down, or when the order of records and partial failures of a batch
    /// are handled with care.
    ///
    /// ## Refactoring safety
    /// `slslint refactor <function>` writes a rule of EventBridge, a pipe behind a queue or a stream of DynamoDB
    /// or Kinesis, a subscription of a topic, or a schedule of EventBridge Scheduler that makes the call with its
    /// constant input, each with the role or the policy that it needs. These deliver and try again by rules of
    /// their own, so the change is always marked unsafe and says what is different.
    ///
    /// A pipe hands on the record as it is, or an object with parts of it. It is no finding where it would hand on
    /// something else: the text of a record, or a part on its own, of which a pipe takes the quotes away; a state
    /// machine for each record, where a pipe starts one with a list of them. Nor is a function that makes an event of
    /// its own from another: a rule hands an event to a bus as it is.
    ///
    /// Refused: buckets, texts of an event that a rule would put in quotes, targets that keep an order, queues and
    /// topics outside of the template, events that are written apart from the function, settings of an event that
    /// have no counterpart, services whose name at the scheduler is not that of the command line.
    pub PASS_THROUGH_EVENT = {
        id: "pass-through-event",
        category: Structure,
        severity: Warning,
        summary: "function only hands events on to a target that their source can reach",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for forward in forwards(app, |trigger| matches!(trigger, Trigger::Event(_)))
        .iter()
        .filter(|forward| forward.what.checks.is_empty())
    {
        let message = format!(
            "`{}` only hands {} on to {}:{}",
            forward.function.id.text,
            all(&forward.triggers),
            forward.what.service,
            forward.what.operation
        );
        found.push(finding(forward, message, ""));
    }
}
