//! Answers that API Gateway turns into a 502.

use std::collections::BTreeMap;

use super::events::only_shape;
use crate::aws::event_shapes::EventShape;
use crate::graph::{FunctionRef, Route, settled};
use crate::rule::prelude::*;
use crate::rules::code::{Judged, judged, list, name_functions, names_of};
use crate::source::Span;
use crate::summary::{Condition, Outcome, Shape, Symbol, Test};

rule! {
    /// ## What it does
    /// Finds handlers behind a REST API (or an HTTP API with payload format 1.0) that on some path return
    /// an object without `statusCode`, or with a `body` that is no text. It stands at the `return`.
    ///
    /// ## Why it matters
    /// API Gateway answers `502 Bad Gateway`, and the client never sees what was returned.
    ///
    /// ## Example
    /// ```python
    /// return {"statusCode": 200, "body": {"id": order_id}}
    /// ```
    ///
    /// ## Use instead
    /// ```python
    /// return {"statusCode": 200, "body": json.dumps({"id": order_id})}
    /// ```
    ///
    /// ## When to keep it
    /// When a wrapper that slslint does not know turns the answer into the right form.
    pub WRONG_RESPONSE_SHAPE = {
        id: "wrong-response-shape",
        category: Contract,
        severity: Warning,
        summary: "API handler returns what API Gateway answers with 502",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let mut places: BTreeMap<(Span, &str), Vec<(FunctionRef<'_>, Span)>> = BTreeMap::new();
    for judged in judged(app) {
        for (span, fault) in wrong(&judged, found) {
            let Some(route) = judged.function.routes().next() else { continue };
            places.entry((span, fault)).or_default().push((judged.function, route.span));
        }
    }
    for ((span, fault), functions) in &places {
        let handles: Vec<FunctionRef<'_>> = functions.iter().map(|(function, _)| *function).collect();
        let names = names_of(&handles);
        let verb = if names.len() == 1 { "answers" } else { "answer" };
        let mut finding = Finding::at(*span, format!("{} {verb} the API with {fault}", list(&names)));
        if let Some((_, route)) = functions.first() {
            finding = finding.because(*route, "the route passes on what the function returns");
        }
        finding = finding.help("return an object with a `statusCode` and a `body` that is a text");
        let first = names.first().copied().unwrap_or_default();
        found.push(name_functions(finding, &handles).one_of_template(*fault, first));
    }
}

fn wrong(judged: &Judged<'_>, found: &mut Found) -> Vec<(Span, &'static str)> {
    let Some(event) = only_shape(judged).filter(|shape| shape.id == "rest") else { return Vec::new() };
    if !judged.summary.inner_routes.is_empty() {
        return Vec::new();
    }
    if judged.is_wrapped() {
        found.abstain(judged.summary.entry, "a wrapper may turn the answer into another form");
        return Vec::new();
    }
    let mut faults: Vec<(Span, &'static str)> = Vec::new();
    let routes: Vec<&Route> = judged.function.routes().collect();
    for path in judged.feasible() {
        let Outcome::Returns(shape, span) = &path.outcome else { continue };
        let is_reached = |route: &&Route| path.when.iter().all(|asked| can_hold(asked, event, route));
        if !routes.iter().any(is_reached) {
            continue;
        }
        if let Some(fault) = fault(shape)
            && !faults.contains(&(*span, fault))
        {
            faults.push((*span, fault));
        }
    }
    faults
}

/// Whether a request on a route can take the branch. Direct invocations ask for fields of their own.
fn can_hold(asked: &Condition, event: &EventShape, route: &Route) -> bool {
    let lacks = |shape: &Shape| matches!(shape, Shape::Symbol(Symbol::Event(path)) if event.lacks(path));
    let answer = match &asked.test {
        Test::Equal(value, Shape::Symbol(Symbol::Name(_)))
        | Test::Equal(Shape::Symbol(Symbol::Name(_)), value)
        | Test::Truthy(value)
        | Test::Present(value)
            if lacks(value) =>
        {
            Some(false)
        }
        _ => settled(asked, route),
    };
    answer.is_none_or(|answer| answer == asked.holds)
}

/// What is certainly the matter with an answer.
fn fault(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::Object { entries, open: false } if entries.iter().all(|(key, _)| key != "...") => {
            let field = |name: &str| entries.iter().find(|(key, _)| key == name).map(|(_, value)| value);
            if field("statusCode").is_none() {
                return Some("an object without `statusCode`");
            }
            match field("body") {
                Some(body) if is_no_text(body) => Some("a `body` that is no text"),
                _ => None,
            }
        }
        Shape::List(_) | Shape::Each { .. } => Some("a list"),
        _ => None,
    }
}

fn is_no_text(body: &Shape) -> bool {
    match body {
        Shape::Object { .. } | Shape::List(_) | Shape::Each { .. } => true,
        Shape::Choice(choices) => choices.iter().all(is_no_text),
        _ => false,
    }
}
