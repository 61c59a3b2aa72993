//! Event sources that are polled and those that push, each once.

use std::collections::BTreeSet;

use super::known::{facts_of, has};
use super::{About, Facts, Node, Place, Wanted};
use crate::aws::invocation::is_stream_with_destination;
use crate::graph::{App, EventSource, Subject};
use crate::template::Value;

pub(super) fn nodes(app: &App<'_>, _wanted: &Wanted<'_>) -> Vec<Node> {
    let mut seen = BTreeSet::new();
    let events = app.graph.event_sources.iter().filter(|event| seen.insert((event.template, event.span)));
    events.flat_map(|event| source_nodes(app, event)).collect()
}

fn source_nodes(app: &App<'_>, event: &EventSource) -> Vec<Node> {
    let template = app.template(event.template);
    let (Subject::Function(subject) | Subject::StateMachine(subject)) = &event.subject;
    let id = match &event.event {
        Some(name) => format!("{subject}.{}", name.text),
        None => app.sources.slice(event.span).trim_matches(['"', '\'']).to_owned(),
    };
    let condition = template.resource(subject).and_then(|resource| resource.condition.as_ref());
    let held = facts_of(template, condition, [("all", Some(&event.properties))], |known| {
        let mut facts = Facts::default();
        facts.set("kind", event.kind);
        let Some(settings) = known.get("all") else { return facts };
        if is_stream_with_destination(event.kind) && is_on(settings) {
            facts.set_known("has_failure_destination", destination(settings));
            facts.set_known("retries_are_bounded", bounded(settings));
        }
        facts
    });
    let about = match &event.subject {
        Subject::Function(id) => About::Functions(vec![id.clone()]),
        Subject::StateMachine(id) => About::Resource(id.clone()),
    };
    Place::new(app, id, event.span, about).nodes(held)
}

fn is_on(settings: &Value) -> bool {
    settings.get("Enabled").is_none_or(|on| on.as_bool() != Some(false))
}

/// `None` where it is not known, or where the source cannot have one.
fn destination(settings: &Value) -> Option<bool> {
    match settings.get("SourceParameters") {
        Some(parameters) => of_pipe(parameters).and_then(|stream| has(stream, &["DeadLetterConfig"])),
        None => has(settings, &["DestinationConfig", "OnFailure"]),
    }
}

fn bounded(settings: &Value) -> Option<bool> {
    let settings = match settings.get("SourceParameters") {
        Some(parameters) => of_pipe(parameters)?,
        None => settings,
    };
    let limits = ["MaximumRetryAttempts", "MaximumRecordAgeInSeconds"];
    let mut bounds = limits.iter().filter_map(|name| settings.get(name));
    Some(bounds.any(|bound| bound.as_i64() != Some(-1)))
}

/// The settings of a pipe's stream; only these have a dead letter queue.
fn of_pipe(parameters: &Value) -> Option<&Value> {
    ["KinesisStreamParameters", "DynamoDBStreamParameters"].iter().find_map(|name| parameters.get(name))
}
