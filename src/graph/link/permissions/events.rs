//! What the events of a function add to its generated role.

use super::expand;
use super::generated::{grant_to, is_set, managed_arn};
use super::policies::literal;
use super::writer::{Holder, Writer};
use crate::aws::platform::{self, Event};
use crate::graph::link::Scope;
use crate::graph::model::{Origin, Subject};
use crate::template::{Map, Name, Resource, Value};

/// One entry of `Events`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'t> {
    pub name: &'t Name,
    pub kind: &'t str,
    pub properties: &'t Map,
}

/// The events of a resource, in order.
pub(super) fn written(resource: &Resource) -> Vec<Written<'_>> {
    static NONE: Map = Map { entries: Vec::new() };
    let events = resource.property("Events").and_then(Value::as_map).into_iter().flat_map(Map::iter);
    events
        .filter_map(|(name, event)| {
            let kind = event.get("Type")?.as_str()?;
            let properties = event.get("Properties").and_then(Value::as_map).unwrap_or(&NONE);
            Some(Written { name, kind, properties })
        })
        .collect()
}

pub(super) fn link(scope: &Scope<'_>, writer: &mut Writer<'_>, holder: &Holder, resource: &Resource) {
    if !matches!(holder.subject, Subject::Function(_)) {
        return;
    }
    for event in written(resource) {
        // A topic with a queue in between: the function polls the queue.
        let kind = if is_queued(&event) { "SQS" } else { event.kind };
        let Some(known) = platform::event(kind) else { continue };
        if let Some(policy) = &known.policy {
            writer.managed(holder, managed_arn(policy), &Vec::new(), Origin::Platform, event.name.span);
        }
        statements(scope, writer, holder, known, &event);
        if known.polled {
            failures(scope, writer, holder, &event);
        }
    }
}

/// An `SNS` event with `SqsSubscription`.
pub(super) fn is_queued(event: &Written<'_>) -> bool {
    event.kind == "SNS" && event.properties.get("SqsSubscription").is_some_and(is_set)
}

fn statements(
    scope: &Scope<'_>,
    writer: &mut Writer<'_>,
    holder: &Holder,
    known: &Event,
    event: &Written<'_>,
) {
    let value = |place: &str| value_at(scope, event.properties, place);
    for grant in &known.statements {
        if let Some(clause) = expand::clause(grant, event.name.span, &value) {
            writer.statement(holder, &clause, &Origin::Platform);
        }
    }
}

/// Where records go that could not be handled; only with its `Type` does the platform add to the role.
fn failures(scope: &Scope<'_>, writer: &mut Writer<'_>, holder: &Holder, event: &Written<'_>) {
    let failure = event.properties.get("DestinationConfig").and_then(|config| config.get("OnFailure"));
    let Some(failure) = failure else { return };
    let kind = failure.get("Type").and_then(|kind| literal(scope, kind)).unwrap_or_default();
    for (target, when) in failure.get("Destination").into_iter().flat_map(Value::branches) {
        for grant in platform::destination(&kind) {
            grant_to(writer, holder, grant, "Destination", target, &when);
        }
    }
}

/// What stands in a place of an event's statements: `access.TYPE`, `registry`, or a dotted path.
fn value_at(scope: &Scope<'_>, properties: &Map, place: &str) -> Vec<Value> {
    if let Some(kind) = place.strip_prefix("access.") {
        let configured = properties.get("SourceAccessConfigurations").into_iter().flat_map(Value::items);
        return configured
            .filter(|(access, _)| {
                access.get("Type").and_then(|found| literal(scope, found)).as_deref() == Some(kind)
            })
            .filter_map(|(access, _)| access.get("URI").cloned())
            .collect();
    }
    if place == "registry" {
        let registry = value_at(scope, properties, "SchemaRegistryConfig.SchemaRegistryURI");
        return registry.iter().filter_map(registry_name).collect();
    }
    let mut keys = place.split('.');
    let mut found: Vec<&Value> = keys.next().and_then(|key| properties.get(key)).into_iter().collect();
    for key in keys {
        found = found.into_iter().flat_map(Value::items).filter_map(|(value, _)| value.get(key)).collect();
    }
    found.into_iter().filter(|value| is_set(value)).cloned().collect()
}

/// The name in `arn:...:registry/NAME`.
fn registry_name(registry: &Value) -> Option<Value> {
    let text = registry.text();
    let resource = segments(&text).into_iter().nth(5)?;
    Some(Value::string(resource.strip_prefix("registry/")?, registry.span))
}

/// The parts of an ARN; a colon inside `${...}` does not divide.
fn segments(arn: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (place, letter) in arn.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => {
                parts.push(&arn[start..place]);
                start = place + 1;
            }
            _ => {}
        }
    }
    parts.push(&arn[start..]);
    parts
}
