//! Routes of REST APIs that answer with a constant themselves.

mod constant;

use serde_yaml::Value as Yaml;

use super::draft::Draft;
use super::moving::Move;
use super::placement::{self, Answer, Operation};
use super::written::map;
use super::{Kind, Offers, Options, Outcome, Refusal};
use crate::graph::forwarding::{Trigger, Verdict, forwarding};
use crate::graph::{App, FunctionRef, Route, specialise};
use crate::summary::{Outcome as End, Summary};
pub(super) use constant::Response;

pub(super) const KIND: Kind = Kind {
    id: "mock-integration",
    summary: "a route of a REST API answers with a constant itself",
    rules: &["constant-response-function"],
    offers: Offers::OfFunction(offer),
};

/// Methods whose requests have no body, as clients send them.
const BODILESS: &[&str] = &["GET", "HEAD", "DELETE", "OPTIONS"];

fn offer(app: &App<'_>, function: FunctionRef<'_>, options: Options) -> Option<Outcome> {
    let is_constant =
        |route: &&Route| matches!(forwarding(function, Trigger::Route(route)), Some(Verdict::Constant(_)));
    let routes: Vec<&Route> = function.routes().filter(is_constant).collect();
    let summary = function.summary().filter(|_| !routes.is_empty())?;
    Some(moved(app, function, summary, &routes, options))
}

fn moved(
    app: &App<'_>,
    function: FunctionRef<'_>,
    summary: &Summary,
    routes: &[&Route],
    options: Options,
) -> Outcome {
    let moving = Move { id: KIND.id, app, function, options };
    let (draft, differs) = moving.all(routes, |draft, route| mock(draft, app, function, summary, route))?;
    let moved: Vec<Trigger<'_>> = routes.iter().copied().map(Trigger::Route).collect();
    let told: Vec<String> = moved.iter().map(Trigger::told).collect();
    let title = format!(
        "{} {} with a constant without `{}`",
        told.join(" and "),
        if told.len() == 1 { "answers" } else { "answer" },
        function.id.text
    );
    moving.offer(draft, &moved, title, differs)
}

/// Moves one route; gives what may behave differently.
fn mock(
    draft: &mut Draft<'_>,
    app: &App<'_>,
    function: FunctionRef<'_>,
    summary: &Summary,
    route: &Route,
) -> Result<Vec<String>, Refusal> {
    placement::takes_constant(route)?;
    let response = response(function, summary, route)?;
    let mut headers = Vec::new();
    let mut parameters = Vec::new();
    for (name, value) in &response.headers {
        headers.push(name.clone());
        parameters.push((format!("method.response.header.{name}"), Yaml::from(format!("'{value}'"))));
    }
    let mut answer = vec![("statusCode", Yaml::from(response.status.to_string()))];
    if !parameters.is_empty() {
        answer.push(("responseParameters", map(parameters)));
    }
    answer.push(("responseTemplates", map([(response.kind.as_str(), Yaml::from(response.body.as_str()))])));
    let request = format!("{{\"statusCode\": {}}}", response.status);
    let integration = map([
        ("type", Yaml::from("mock")),
        ("passthroughBehavior", Yaml::from("never")),
        ("requestTemplates", map([("application/json", request)])),
        ("responses", map([("default", map(answer))])),
    ]);
    let operation =
        Operation { integration, answers: vec![Answer { status: response.status, headers }], checks: None };
    let mut differs = placement::place(draft, app, function, route, &operation)?;
    if !BODILESS.contains(&route.method.as_str()) {
        differs.push("a request whose body is not application/json is turned away (415)".to_owned());
    }
    Ok(differs)
}

/// The one answer of a route.
fn response(function: FunctionRef<'_>, summary: &Summary, route: &Route) -> Result<Response, Refusal> {
    let is_python = function.behaviour.file.as_deref().is_some_and(|file| file.ends_with(".py"))
        || function.runtime.as_ref().is_some_and(|runtime| runtime.text().starts_with("python"));
    let mut found: Option<Response> = None;
    for path in specialise(summary, route) {
        let End::Returns(shape, span) = &path.outcome else {
            return Err(Refusal::new(summary.entry, "has a way that only fails"));
        };
        let response = Response::of(shape, is_python).map_err(|text| Refusal::new(*span, text))?;
        match &found {
            Some(known) if *known != response => {
                return Err(Refusal::new(*span, "has several answers"));
            }
            _ => found = Some(response),
        }
    }
    found.ok_or_else(|| Refusal::new(summary.entry, "never answers"))
}
