//! Functions without any effect: who sees what they answer, and what answers in their place.

use super::parts::{is_constant, parts_of_event};
use super::values::{BODY, ID, TIME, WHOLE};
use super::{Answer, Integration, Trigger, When};
use crate::aws::invocation;
use crate::graph::{ApiKind, EventSource, FunctionRef};
use crate::summary::Shape;

/// Whether somebody waits for the answer, whatever it is.
pub(super) fn is_awaited(trigger: Trigger<'_>) -> bool {
    match trigger {
        Trigger::Route(_) | Trigger::Task(_) => true,
        Trigger::Event(_) => false,
        Trigger::Invocation(invocation) => invocation.awaited,
    }
}

/// Whether it makes what a pipe hands on from what it was given.
pub(super) fn is_enrichment(function: FunctionRef<'_>, event: &EventSource) -> bool {
    let enrichment = event.properties.get("Enrichment");
    enrichment
        .is_some_and(|value| value.mentions().iter().any(|mention| mention.name.text == function.id.text))
}

/// Why it matters what an event or an invocation is answered with; `None` where it does not.
pub(super) fn seen(function: FunctionRef<'_>, trigger: Trigger<'_>, answer: &Shape) -> Option<&'static str> {
    if is_constant(answer) {
        return None;
    }
    let dropped = match trigger {
        Trigger::Event(event) if invocation::is_asynchronous(event.kind) => true,
        // The poller of a queue or stream looks for records that failed, and for nothing else.
        Trigger::Event(event) => {
            !invocation::is_waiting(event.kind) && !may_have(answer, invocation::FAILURES)
        }
        Trigger::Invocation(invocation) => !invocation.awaited,
        Trigger::Route(_) | Trigger::Task(_) => false,
    };
    if dropped {
        return function.on_success.is_some().then_some("returns what its destination is sent");
    }
    let mut parts = Vec::new();
    parts_of_event(answer, &mut parts);
    match trigger {
        Trigger::Invocation(_) if parts.is_empty() => None,
        _ => Some("returns what it was given or makes"),
    }
}

/// Whether a value may have an entry of this name.
fn may_have(value: &Shape, name: &str) -> bool {
    match value {
        Shape::Object { entries, open } => {
            *open || entries.iter().any(|(key, _)| key == name || key == "...")
        }
        Shape::Choice(parts) => parts.iter().any(|part| may_have(part, name)),
        Shape::Json(_) | Shape::Text(_) | Shape::List(_) | Shape::Each { .. } => false,
        other => !is_constant(other),
    }
}

/// What answers in place of a function that has no effect.
pub(super) fn integration(trigger: Trigger<'_>, answers: &[Answer]) -> Integration {
    let (name, mut needs) = match trigger {
        Trigger::Route(route) if route.api_kind == ApiKind::Http => {
            ("a mock integration", vec!["a REST API, as HTTP APIs have no mock integrations"])
        }
        Trigger::Route(_) => ("a mock integration", Vec::new()),
        Trigger::Task(_) => ("a Pass state", Vec::new()),
        Trigger::Event(_) | Trigger::Invocation(_) => ("nothing", Vec::new()),
    };
    if let Trigger::Route(_) = trigger {
        needs.extend(stand_ins(answers));
    }
    Integration { name: name.to_owned(), needs: (!needs.is_empty()).then(|| needs.join("; ")) }
}

/// What a mapping says in a form of its own.
fn stand_ins(answers: &[Answer]) -> impl Iterator<Item = &'static str> {
    let has = |origin: &str| {
        answers.iter().filter(|answer| answer.when == When::Done).any(|answer| answer.origin.contains(origin))
    };
    let known = [
        (WHOLE, "a template that names the parts of the request one by one"),
        (BODY, "a template of the request that keeps the body in `$context.requestOverride`"),
        (TIME, "`$context.requestTime` for the time"),
        (ID, "`$context.requestId` for the id"),
    ];
    known.into_iter().filter(move |(origin, _)| has(origin)).map(|(_, needs)| needs)
}
