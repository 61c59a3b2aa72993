//! A pipe between a queue and the target of the function's call.

use serde_yaml::Value as Yaml;

use super::Hop;
use super::grants::{arn, call, is_fifo, role};
use crate::graph::Reference;
use crate::refactor::Refusal;
use crate::refactor::draft::Draft;
use crate::refactor::permission::Call;
use crate::refactor::written::{get_att, map, of_value};
use crate::summary::{Shape, Symbol};

/// Settings of the event that are no part of the pipe's source parameters.
const SETTINGS: &[(&str, &str)] = &[
    ("Queue", ""),
    ("BatchSize", "BatchSize"),
    ("MaximumBatchingWindowInSeconds", "MaximumBatchingWindowInSeconds"),
    ("FilterCriteria", ""),
    ("FunctionResponseTypes", ""),
    ("Enabled", ""),
];

/// What a pipe does to read a queue.
const READS: &[&str] = &["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"];

pub(super) fn write(hop: &Hop<'_>, draft: &mut Draft<'_>) -> Result<Vec<String>, Refusal> {
    let queue = hop.setting("Queue").ok_or_else(|| hop.refuse("names no queue"))?;
    let Some(Reference::Resource(queue_id)) = &hop.event.source else {
        return Err(Refusal::new(queue.span, "reads a queue that is not in this template"));
    };
    if hop.setting("Enabled").is_some_and(|enabled| enabled.as_bool() != Some(true)) {
        return Err(Refusal::new(hop.event.span, "is switched off where a condition holds"));
    }
    if is_fifo(hop.target) {
        return Err(hop.refuse("sends to a queue or topic that keeps an order"));
    }
    if !is_body(hop.sent) {
        return Err(hop.refuse("sends something else than the body of each message"));
    }
    let source = hop.settings(SETTINGS)?;
    let mut parameters = Vec::new();
    if let Some(filter) = hop.setting("FilterCriteria") {
        parameters.push(("FilterCriteria", of_value(filter)));
    }
    if !source.is_empty() {
        parameters.push(("SqsQueueParameters", map(source)));
    }
    let id = hop.free_id(draft, "Pipe");
    let role_id = hop.free_id(draft, "Role");
    let mut properties = vec![("RoleArn", get_att(&role_id, "Arn")), ("Source", of_value(queue))];
    if !parameters.is_empty() {
        properties.push(("SourceParameters", map(parameters)));
    }
    properties.push(("Target", arn(hop.target)));
    let mut target = vec![("InputTemplate", Yaml::from("<$.body>"))];
    if hop.target.kind.text.ends_with("::StateMachine") {
        let kind = map([("InvocationType", "FIRE_AND_FORGET")]);
        target.push(("StepFunctionStateMachineParameters", kind));
    }
    properties.push(("TargetParameters", map(target)));
    let body = map([("Type", Yaml::from("AWS::Pipes::Pipe")), ("Properties", map(properties))]);
    hop.add(draft, &id, &body, &hop.function.id.text)?;
    let reads = READS.iter().map(|operation| Call {
        service: "sqs".to_owned(),
        operation: (*operation).to_owned(),
        target: Some(Reference::Resource(queue_id.clone())),
    });
    let calls: Vec<Call> = reads.chain([call(hop)]).collect();
    hop.add(draft, &role_id, &role(hop, "pipes.amazonaws.com", &calls)?, &id)?;
    Ok(vec![
        "a body that is JSON may be written with other spaces".to_owned(),
        "of a batch that fails in part, only the messages that failed come again".to_owned(),
    ])
}

/// The body of the record at hand.
fn is_body(sent: &Shape) -> bool {
    match sent {
        Shape::Item { of, path } => {
            let records = matches!(&**of, Shape::Symbol(Symbol::Event(records)) if *records == ["Records"]);
            records && *path == ["body"]
        }
        Shape::Json(inner) => matches!(&**inner, Shape::Parsed(text) if is_body(text)),
        _ => false,
    }
}
