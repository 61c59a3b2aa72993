//! Fields read from an event that cannot have them.

use std::collections::BTreeMap;

use super::events::only_shape;
use crate::aws::event_shapes::{EventShape, event_shapes, is_of_api};
use crate::graph::FunctionRef;
use crate::rule::prelude::*;
use crate::rules::code::{Judged, judged, list, name_functions, names_of};
use crate::source::Span;
use crate::summary::{EventRead, Shape, Symbol, Test};

rule! {
    /// ## What it does
    /// Finds handlers that on every path read a field which the events of their triggers do not have:
    /// `httpMethod` from an HTTP API (payload format 2.0), `requestContext.http` from a REST API,
    /// `Records` from an API, `body` of the event itself from a queue. It stands where the field is read.
    /// Code that also reads the fields of the right form is left alone, and so is a method that is only
    /// asked for `OPTIONS`.
    ///
    /// ## Why it matters
    /// The value is missing on every invocation: the handler fails, or always takes the same branch.
    ///
    /// ## Example
    /// ```javascript
    /// switch (event.httpMethod) {
    /// ```
    /// on a function with an `HttpApi` event.
    ///
    /// ## Use instead
    /// `event.requestContext.http.method`, or `PayloadFormatVersion: "1.0"` on the event.
    ///
    /// ## When to keep it
    /// When something that is not in the template invokes the function too.
    pub WRONG_EVENT_SHAPE = {
        id: "wrong-event-shape",
        category: Contract,
        severity: Error,
        summary: "handler reads a field that its events do not have",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let mut places: BTreeMap<Span, (Vec<FunctionRef<'_>>, Wrong<'_>)> = BTreeMap::new();
    for judged in judged(app) {
        if let Some(wrong) = wrong(&judged) {
            places.entry(wrong.read.span).or_insert_with(|| (Vec::new(), wrong)).0.push(judged.function);
        }
    }
    found.extend(places.values().map(|(functions, wrong)| finding(functions, wrong)));
}

struct Wrong<'a> {
    read: &'a EventRead,
    gets: &'static EventShape,
    /// The form that has the field.
    of: &'static str,
    trigger: Span,
}

fn wrong<'a>(judged: &Judged<'a>) -> Option<Wrong<'a>> {
    let gets = only_shape(judged)?;
    let reads = &judged.summary.event_reads;
    let gets_records = gets.id == "records";
    let is_right = |read: &EventRead| gets.has_alone(&read.path);
    if reads.iter().any(is_right) || judged.is_wrapped() {
        return None;
    }
    let trigger = judged.function.routes().next().map(|route| route.span);
    let trigger = trigger.or_else(|| judged.function.event_sources().next().map(|event| event.span))?;
    let sure = reads.iter().filter(|read| read.certainty == Certainty::Must && !read.has_default);
    sure.filter(|read| !only_finds_preflights(judged, read)).find_map(|read| {
        let of = if gets_records {
            is_of_api(&read.path).then_some("an event of an API")
        } else {
            let other =
                event_shapes().iter().find(|other| other.id != gets.id && other.has_alone(&read.path));
            other.map(|other| other.name.as_str())
        };
        Some(Wrong { read, gets, of: of?, trigger })
    })
}

/// The method is asked for `OPTIONS` and nothing else: a branch that is never taken, as the API answers
/// preflight requests itself or sends none here.
fn only_finds_preflights(judged: &Judged<'_>, read: &EventRead) -> bool {
    let is_read = |shape: &Shape| matches!(shape, Shape::Symbol(Symbol::Event(path)) if **path == *read.path);
    let is_preflight = |shape: &Shape| matches!(shape, Shape::Symbol(Symbol::Name(name)) if name.eq_ignore_ascii_case("OPTIONS"));
    let asked = judged.summary.paths.iter().flat_map(|path| &path.when);
    let mut about = asked.filter_map(|asked| match &asked.test {
        Test::Equal(one, other) if is_read(one) => Some(is_preflight(other)),
        Test::Equal(one, other) if is_read(other) => Some(is_preflight(one)),
        Test::Truthy(value) | Test::Present(value) | Test::OneOf(value, _) if is_read(value) => Some(false),
        _ => None,
    });
    about.next().is_some_and(|first| first && about.all(|preflight| preflight))
}

fn finding(functions: &[FunctionRef<'_>], wrong: &Wrong<'_>) -> Finding {
    let Wrong { read, gets, of, trigger } = wrong;
    let names = names_of(functions);
    let verb = if names.len() == 1 { "gets" } else { "get" };
    let message =
        format!("`{}` is a field of {of}, but {} {verb} {}", read.path.join("."), list(&names), gets.name);
    let finding = Finding::at(read.span, message)
        .because_it(read.certainty, read.span, "every path reads it")
        .because(*trigger, "what invokes the function")
        .help(match gets.id.as_str() {
            "http" => {
                "read the fields of payload format 2.0, or set `PayloadFormatVersion: \"1.0\"` on the event"
            }
            "rest" => "read the fields of payload format 1.0",
            _ => "read the records",
        });
    name_functions(finding, functions)
}
