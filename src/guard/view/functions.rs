//! Functions: their settings, what invokes them, what they call.

use super::facts::listed;
use super::known::{Known, facts_of, mentions_key};
use super::{About, Facts, Node, Place, Wanted};
use crate::aws::invocation::{is_asynchronous, is_waiting};
use crate::aws::limits::limit;
use crate::aws::packages::is_portable;
use crate::aws::triggers::is_invocation;
use crate::graph::waits::{Waits, waits};
use crate::graph::{App, Code, EventSource, FunctionRef, Reference};
use crate::source::Span;
use crate::summary::Action;
use crate::template::Value;

pub(super) fn nodes(app: &App<'_>, wanted: Wanted<'_>) -> Vec<Node> {
    app.functions().flat_map(|function| function_nodes(app, function, wanted)).collect()
}

fn function_nodes(app: &App<'_>, function: FunctionRef<'_>, wanted: Wanted<'_>) -> Vec<Node> {
    let same_everywhere = surroundings(app, function, wanted);
    let settings = [
        ("timeout", wanted.has("timeout"), "Timeout"),
        ("memory", wanted.has("memory"), "MemorySize"),
        ("layers", wanted.has("layer_count"), "Layers"),
        ("architectures", wanted.has("architecture"), "Architectures"),
    ];
    let settings = settings
        .into_iter()
        .filter(|(_, wanted, _)| *wanted)
        .map(|(name, _, property)| (name, function.property(property)));
    let held = facts_of(function.template(), function.condition.as_ref(), settings, |known| {
        let mut facts = same_everywhere.clone();
        sizes(function, known, wanted, &mut facts);
        facts
    });
    place(app, function).nodes(held)
}

fn place(app: &App<'_>, function: FunctionRef<'_>) -> Place {
    Place::new(
        app,
        function.id.text.clone(),
        function.span(),
        About::Functions(vec![function.id.text.clone()]),
    )
}

/// Facts that settings give, which may differ between worlds.
fn sizes(function: FunctionRef<'_>, known: &Known<'_>, wanted: Wanted<'_>, facts: &mut Facts) {
    // Globals of the whole template may set what a fragment does not.
    let whole = function.template().is_whole();
    let is_set = |name: &str| known.is_set(name).filter(|set| *set || whole);
    if wanted.has("timeout") {
        facts.set_known("timeout_is_set", is_set("timeout"));
        let default = whole.then(|| limit("lambda.timeout_default"));
        facts.set_known("timeout", known.number("timeout", default));
    }
    if wanted.has("memory") {
        facts.set_known("memory_is_set", is_set("memory"));
        let default = whole.then(|| limit("lambda.memory_default"));
        facts.set_known("memory", known.number("memory", default));
    }
    if wanted.has("architecture") {
        let default = whole.then(|| "x86_64".to_owned());
        let set = known.get("architectures").map(|list| {
            let first = list.as_list().and_then(<[Value]>::first)?;
            first.as_str().map(str::to_owned)
        });
        facts.set_known("architecture", set.unwrap_or(default));
    }
    let spans = [("timeout", "timeout"), ("memory", "memory"), ("layer_count", "layers")];
    facts.set_known("layer_count", layer_count(known));
    for (fact, setting) in spans {
        facts.show(fact, known.span(setting));
    }
}

fn layer_count(known: &Known<'_>) -> Option<usize> {
    let items = known.get("layers")?.as_list()?;
    let unknown = items.iter().any(|item| !item.is_literal() && item.branches().len() > 1);
    (!unknown).then(|| items.iter().filter(|item| !item.is_no_value()).count())
}

/// Facts that do not depend on worlds.
fn surroundings(app: &App<'_>, function: FunctionRef<'_>, wanted: Wanted<'_>) -> Facts {
    let mut facts = Facts::default();
    if wanted.has("asynchronous_events") {
        asynchronous(function, &mut facts);
    }
    if wanted.has("has_failure_destination") && (function.template().is_whole() || has_destination(function))
    {
        facts.set("has_failure_destination", has_destination(function));
    }
    if wanted.has("called_service")
        && let Some((called, span)) = called_service(function)
    {
        facts.set_at("called_service", called, [span]);
    }
    if wanted.has("waiting_caller")
        && let Some((caller, span)) = waiting_caller(app, function)
    {
        facts.set_at("waiting_caller", caller, [span]);
    }
    if wanted.has("is_portable") && is_portable_function(function) {
        facts.set("is_portable", true);
    }
    facts
}

/// Events that nobody waits for, and that keep no failed events themselves.
fn asynchronous(function: FunctionRef<'_>, facts: &mut Facts) {
    let mut kinds: Vec<String> = Vec::new();
    let mut spans: Vec<Span> = Vec::new();
    for event in function.event_sources().filter(|event| is_unkept(event)) {
        if !spans.contains(&event.span) {
            spans.push(event.span);
            kinds.extend((!kinds.iter().any(|kind| kind == event.kind)).then(|| event.kind.to_owned()));
        }
    }
    if !kinds.is_empty() {
        facts.set_at("asynchronous_events", listed(&kinds), spans);
    }
}

fn is_unkept(event: &EventSource) -> bool {
    let own = ["DeadLetterConfig", "RedrivePolicy", "ErrorAction"];
    // A topic that feeds a queue hands its events to the queue, which is polled.
    let through_queue = ["SqsSubscription", "Queue", "EventSourceArn", "Source"];
    let is_queued =
        event.kind == "sns" && through_queue.iter().any(|key| event.properties.get(key).is_some());
    let is_off = event.properties.get("Enabled").is_some_and(|on| on.as_bool() == Some(false))
        || event.properties.get("State").is_some_and(|state| state.as_str() == Some("DISABLED"));
    let is_lost = !is_off && !is_queued && !repeats_soon(event);
    is_asynchronous(event.kind) && is_lost && !mentions_key(&event.properties, &own)
}

/// Whether the same work is done again within the day, so that one failure is made good.
fn repeats_soon(event: &EventSource) -> bool {
    let Some(Reference::Text(expression)) = &event.source else { return false };
    let rate = expression.strip_prefix("rate(").is_some();
    event.kind == "schedule" && rate && ["minute", "hour"].iter().any(|unit| expression.contains(unit))
}

fn has_destination(function: FunctionRef<'_>) -> bool {
    let written = ["DeadLetterQueue", "DeadLetterConfig"];
    let config = function.property("EventInvokeConfig");
    function.dead_letter.is_some()
        || function.on_failure.is_some()
        || written.iter().any(|name| function.property(name).is_some_and(|value| !value.is_no_value()))
        || config.is_some_and(|config| mentions_key(config, &["OnFailure"]))
}

/// The first call that waits for another service.
fn called_service(function: FunctionRef<'_>) -> Option<(String, Span)> {
    function.summary()?.effects.iter().find_map(|effect| {
        let called = match &effect.action {
            Action::Aws { service, operation } => format!("{service}:{operation}"),
            Action::Http { .. } => "another host".to_owned(),
            Action::Database(kind) => format!("a {kind} database"),
            Action::Email => "a mail server".to_owned(),
            _ => return None,
        };
        Some((called, effect.span))
    })
}

/// Somebody who waits for the function to end, other than API Gateway, which has a rule of its own.
fn waiting_caller(app: &App<'_>, function: FunctionRef<'_>) -> Option<(String, Span)> {
    let me = Reference::Resource(function.id.text.clone());
    let graph = &app.graph;
    let url = graph.function_urls.iter().find(|url| url.template == function.template && url.function == me);
    if let Some(url) = url {
        return Some(("a function URL".to_owned(), url.span));
    }
    let source = graph
        .data_sources
        .iter()
        .find(|source| source.template == function.template && source.target.as_ref() == Some(&me));
    if let Some(source) = source {
        return Some(("a GraphQL API".to_owned(), source.span));
    }
    if let Some(event) = function.event_sources().find(|event| is_waiting(event.kind)) {
        return Some((format!("{} event", event.kind), event.span));
    }
    app.functions_of(function.template).find_map(|other| {
        let span = invokes_and_waits(other, &me)?;
        Some((format!("`{other}`, which invokes it"), span))
    })
}

fn invokes_and_waits(caller: FunctionRef<'_>, callee: &Reference) -> Option<Span> {
    let effects = caller.summary()?.effects.iter().zip(&caller.behaviour.targets);
    let mut calls = effects.filter(|(_, target)| target.as_ref() == Some(callee));
    let (effect, _) = calls.find(|(effect, _)| {
        matches!(&effect.action, Action::Aws { service, operation } if is_invocation(service, operation))
            && waits(&effect.input) == Waits::Yes
    })?;
    Some(effect.span)
}

/// Whether all of its code runs on any processor, as far as that is known.
fn is_portable_function(function: FunctionRef<'_>) -> bool {
    let runtime = function.runtime.as_ref().and_then(Value::as_str).unwrap_or_default();
    let Some(summary) = function.summary() else { return false };
    let imports_are =
        summary.imports.iter().all(|import| import.local || is_portable(runtime, &import.module));
    !matches!(function.code, Code::Image(_)) && function.layers.is_empty() && imports_are
}
