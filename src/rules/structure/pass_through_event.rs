//! Functions that only hand events on to one target.

use super::forwarding::{all, finding, forwards, receipt};
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
    ///         sns.publish(TopicArn=TOPIC, Message=record["body"])
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
    /// `slslint refactor <function>` writes a rule of EventBridge, a pipe behind a queue, or a subscription of
    /// a topic, with the role or the policy that it needs. These deliver and try again by rules of their own,
    /// so the change is always marked unsafe and says what is different.
    ///
    /// Refused: schedules, streams, buckets, texts of an event that a rule would put in quotes, targets that
    /// keep an order, targets outside of the template, settings of an event that have no counterpart.
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
        found.push(finding(forward, message).help(receipt(forward)));
    }
}
