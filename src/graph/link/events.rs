//! The events that SAM functions and state machines declare, except APIs.

use super::Scope;
use super::reference::{is_on, items, property, reach, subject};
use crate::aws::invocation::{EventType, Source, event_type};
use crate::graph::model::{EventSource, Graph, Reference, Subject};
use crate::source::Span;
use crate::template::{Map, Name, Resource, Value, ValueKind};

pub(super) fn link(scope: &Scope<'_>, graph: &mut Graph) {
    for resource in &scope.template.resources {
        let Some(subject) = subject(resource) else { continue };
        for event in events(resource) {
            graph.event_sources.extend(sources(scope, &subject, &event));
        }
    }
}

/// An entry of `Events`.
#[derive(Debug)]
pub(super) struct Event<'a> {
    pub name: &'a Name,
    pub kind: &'a str,
    pub properties: Map,
    pub span: Span,
}

/// The events of a function or a state machine.
pub(super) fn events(resource: &Resource) -> Vec<Event<'_>> {
    reach(&resource.properties, &["Events"])
        .into_iter()
        .filter_map(Value::as_map)
        .flat_map(Map::iter)
        .filter_map(|(name, body)| {
            let kind = body.get("Type")?.as_str()?;
            let properties = body.get("Properties").and_then(Value::as_map).cloned().unwrap_or_default();
            Some(Event { name, kind, properties, span: name.span })
        })
        .collect()
}

fn sources(scope: &Scope<'_>, subject: &Subject, event: &Event<'_>) -> Vec<EventSource> {
    let Some(kind) = event_type(event.kind) else { return Vec::new() };
    let source = |kind: &'static str, source: Option<Reference>| EventSource {
        template: scope.id,
        subject: subject.clone(),
        kind,
        source,
        properties: Value { span: event.span, kind: ValueKind::Map(event.properties.clone()) },
        span: event.span,
        event: Some(event.name.clone()),
    };
    let named = named(scope, kind, &event.properties);
    named
        .into_iter()
        .map(|named| source(&kind.kind, named))
        .chain(queue(scope, event).into_iter().map(|queue| source("sqs", Some(queue))))
        .collect()
}

/// What an event names as its source, one for each branch.
fn named(scope: &Scope<'_>, kind: &EventType, properties: &Map) -> Vec<Option<Reference>> {
    let default = || kind.default.clone().map(Reference::Text);
    if kind.source == Source::List {
        let texts: Vec<String> = items(properties.get(&kind.property)).into_iter().map(Value::text).collect();
        return vec![(!texts.is_empty()).then(|| Reference::Text(texts.join(",")))];
    }
    let Some(value) = property(properties, &[&kind.property]) else { return vec![default()] };
    let branches: Vec<_> = value.branches().into_iter().map(|(branch, _)| branch).collect();
    if branches.is_empty() {
        return vec![default()];
    }
    let reference = |value: &Value| match kind.source {
        Source::Text => Reference::Text(value.text()),
        _ => scope.reference(value),
    };
    branches.into_iter().map(|branch| Some(reference(branch))).collect()
}

/// The queue between a topic and its function, where the template has one: `SqsSubscription: true`
/// makes one that has no id here.
fn queue(scope: &Scope<'_>, event: &Event<'_>) -> Option<Reference> {
    let subscription = property(&event.properties, &["SqsSubscription"]).filter(|_| event.kind == "SNS")?;
    if is_on(Some(subscription)) {
        return None;
    }
    property(&event.properties, &["SqsSubscription", "QueueArn"]).map(|queue| scope.reference(queue))
}
