//! What a function's code does, in the published form.

use std::collections::BTreeSet;

use serde_json::{Map as Object, Value as Json, json};

use super::super::model::{Behaviour, Reference, SourceState};
use crate::evidence::Certainty;
use crate::source::{Sources, Span};
use crate::summary::{Action, Effect, EnvRead, Symbol, Times};

/// The fields of a function that tell of its code; none where handlers were not looked at, and few
/// where there is no summary.
pub(super) fn fields(behaviour: &Behaviour, sources: &Sources) -> Object<String, Json> {
    let mut fields = Object::new();
    let mut add = |name: &str, value: Json| {
        if !value.is_null() {
            fields.insert(name.to_owned(), value);
        }
    };
    let (source, why) = match &behaviour.state {
        SourceState::NotRead => return fields,
        SourceState::Found => ("found", Json::Null),
        SourceState::Inline => ("inline", Json::Null),
        SourceState::NotAvailable(why) => ("not_available", json!(why)),
        SourceState::Missing(tried) => ("missing", json!(tried)),
    };
    add("source", json!(source));
    add("source_note", why);
    add("handler_file", json!(behaviour.file));
    add("handler_function", json!(behaviour.function));
    let Some(summary) = &behaviour.summary else { return fields };
    let place = |span: Span| Place { sources, span };
    add("followed", json!(summary.is_followed()));
    add(
        "unknowns",
        summary
            .unknowns
            .iter()
            .map(|unknown| place(unknown.span).with([("why", json!(unknown.why))]))
            .collect(),
    );
    let targets = behaviour.targets.iter().map(Option::as_ref).chain(std::iter::repeat(None));
    let calls =
        summary.effects.iter().zip(targets).filter_map(|(effect, target)| call(effect, target, sources));
    add("calls", calls.collect());
    let names: BTreeSet<&str> = summary
        .env_reads
        .iter()
        .map(|read| read.name.as_str())
        .filter(|name| *name != EnvRead::ANY)
        .collect();
    add("reads_env", json!(names));
    let effects: BTreeSet<String> = summary.effects.iter().filter_map(other_effect).collect();
    add("effects", json!(effects));
    let routes = summary.inner_routes.iter();
    let route = |route: &crate::summary::InnerRoute| {
        place(route.span).with([("method", json!(route.method)), ("path", json!(route.path))])
    };
    add("inner_routes", routes.map(route).collect());
    // A client that nothing of the request goes into could be built once, outside the handler.
    let built = summary.inits.iter().any(|init| !init.at_init && init.invariant);
    add("client_in_handler", json!(built));
    fields
}

fn call(effect: &Effect, target: Option<&Reference>, sources: &Sources) -> Option<Json> {
    let Action::Aws { service, operation } = &effect.action else { return None };
    let resource = match target {
        Some(Reference::Resource(text) | Reference::Text(text)) => Some(text.clone()),
        None => open(&effect.on),
    };
    let certainty = match effect.certainty {
        Certainty::Must => "must",
        Certainty::May => "may",
    };
    let times = match effect.times {
        Times::Once => "once",
        Times::PerItemOf(_) | Times::Many => "many",
        Times::Init => "init",
    };
    let place = Place { sources, span: effect.span };
    Some(place.with([
        ("service", json!(service)),
        ("operation", json!(operation)),
        ("resource", json!(resource)),
        ("certainty", json!(certainty)),
        ("times", json!(times)),
    ]))
}

/// A symbol that nothing resolved.
fn open(symbol: &Symbol) -> Option<String> {
    match symbol {
        Symbol::Name(name) => Some(format!("const:{name}")),
        Symbol::Env(name) => Some(format!("env:{name}")),
        Symbol::Event(_) => Some("event".to_owned()),
        _ => None,
    }
}

/// Effects that are no AWS calls; what only observes is none.
fn other_effect(effect: &Effect) -> Option<String> {
    Some(match &effect.action {
        Action::Aws { .. } | Action::Telemetry | Action::Random | Action::Clock => return None,
        Action::Http { .. } => match &effect.on {
            Symbol::Name(url) => format!("http:{}", host(url)),
            Symbol::Env(name) => format!("http:env:{name}"),
            _ => "http".to_owned(),
        },
        Action::Database(kind) => format!("db:{kind}"),
        Action::Email => "email".to_owned(),
        Action::FileRead | Action::FileWrite => "file".to_owned(),
        Action::Process => "process".to_owned(),
        Action::Sleep(_) => "sleep".to_owned(),
    })
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

struct Place<'a> {
    sources: &'a Sources,
    span: Span,
}

impl Place<'_> {
    fn with<const N: usize>(&self, fields: [(&str, Json); N]) -> Json {
        let mut object = Object::new();
        object.extend(fields.into_iter().map(|(name, value)| (name.to_owned(), value)));
        object.insert("file".to_owned(), json!(self.sources.path(self.span.source)));
        object
            .insert("line".to_owned(), json!(self.sources.position(self.span.source, self.span.start).line));
        Json::Object(object)
    }
}
