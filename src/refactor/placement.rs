//! Where a route of a REST API goes that needs no function.
//!
//! A template says at one [`Site`] what a route does: by an event of a function, by an operation of a
//! definition, or by a method that is a resource of its own. What a refactoring wants of a route is an
//! [`Operation`], the same for all sites; each writes it in its own spelling, and keeps what the template
//! says there besides: authorizers, API keys, models, timeouts.

mod definition;
mod deployment;
mod event;
mod implicit;
mod method;
mod reach;
mod socket;
mod validators;

use serde_yaml::Value as Yaml;

use super::draft::{Draft, Place, Step};
use super::written::{list, map, reference};
use super::{Refusal, written};
use crate::graph::{ApiKind, App, FunctionRef, Reference, Route};
use crate::template::{Map, Resource, Template, Value};
pub use reach::{takes_call, takes_constant};
pub use validators::Checks;

/// A method of a REST API with an integration of its own.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The value of `x-amazon-apigateway-integration`.
    pub integration: Yaml,
    pub answers: Vec<Answer>,
    /// What is checked before.
    pub checks: Option<Checks>,
}

impl Operation {
    /// Parts of the request that the integration takes by name: `method.request.path.id`.
    fn taken(&self) -> Vec<&str> {
        let parameters = self.integration.get("requestParameters").and_then(Yaml::as_mapping);
        let sources = parameters.into_iter().flat_map(|all| all.values()).filter_map(Yaml::as_str);
        sources.filter(|source| source.starts_with("method.request.")).collect()
    }
}

/// A status that a method answers with, and the names of its headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<String>,
}

const INTEGRATION: &str = "x-amazon-apigateway-integration";
/// Settings of an integration that stay, whatever it calls, as definitions spell them.
const STAYING: &[&str] = &["cacheNamespace", "cacheKeyParameters", "timeoutInMillis"];

/// A place that says what a route does.
trait Site {
    /// Writes what an operation says; gives what is different then.
    fn put(&self, draft: &mut Draft<'_>, operation: &Operation) -> Result<Vec<String>, Refusal>;
}

/// A route, and what it is a route of.
#[derive(Clone, Copy)]
struct Spot<'a> {
    app: &'a App<'a>,
    function: FunctionRef<'a>,
    route: &'a Route,
    /// The logical id of its API.
    api: &'a str,
}

impl<'a> Spot<'a> {
    fn template(&self) -> &'a Template {
        self.function.template()
    }

    /// `None` for the API that SAM makes by itself.
    fn api_resource(&self) -> Option<&'a Resource> {
        self.template().resource(self.api)
    }

    fn refuse<T>(&self, text: impl Into<String>) -> Result<T, Refusal> {
        Err(Refusal::new(self.route.span, text))
    }

    fn site(self) -> Box<dyn Site + 'a> {
        if self.route.api_kind == ApiKind::WebSocket {
            return Box::new(socket::Socket::new(self));
        }
        let is_own = |resource: &&Resource| resource.id.span == self.route.span;
        let own = self.template().resources.iter().find(is_own);
        match own.filter(|resource| resource.is("AWS::ApiGateway::Method")) {
            Some(resource) => Box::new(method::Method::new(self, resource)),
            None if self.route.event.is_some() => Box::new(event::Event::new(self)),
            None => Box::new(definition::Written::new(self)),
        }
    }
}

/// Moves a route from a function to an integration of its own; says what is different then.
///
/// # Errors
/// What stands in the way: an API that is not in this template, settings that cannot be carried over, a
/// layout that cannot be edited.
pub fn place(
    draft: &mut Draft<'_>,
    app: &App<'_>,
    function: FunctionRef<'_>,
    route: &Route,
    operation: &Operation,
) -> Result<Vec<String>, Refusal> {
    let Reference::Resource(api) = &route.api else {
        return Err(Refusal::new(route.span, "its API is not in this template"));
    };
    let spot = Spot { app, function, route, api };
    takes_json(spot)?;
    if let Some(condition) = &function.condition {
        let text =
            format!("the function is only there where `{}` holds, and so is its route", condition.text);
        return Err(Refusal::new(condition.span, text));
    }
    if app.graph.routes.iter().any(|other| other.span == route.span && other.target != route.target) {
        return spot.refuse("calls something else in another environment (`Fn::If`)");
    }
    if route.patience.streams {
        return spot.refuse("streams its answers");
    }
    spot.site().put(draft, operation)
}

/// Mapping templates read JSON only where it does not come as bytes.
fn takes_json(spot: Spot<'_>) -> Result<(), Refusal> {
    let globals = spot.template().with_globals("AWS::Serverless::Api", &Map::default());
    let api = spot.api_resource().map_or(&globals, |api| &api.properties);
    let bodies = ["DefinitionBody", "Body"].iter().filter_map(|key| api.get(key)?.get(BINARY_TYPES));
    match api.get("BinaryMediaTypes").into_iter().chain(bodies).find(|types| is_json(types)) {
        Some(_) => spot.refuse(AS_BYTES),
        None => Ok(()),
    }
}

const BINARY_TYPES: &str = "x-amazon-apigateway-binary-media-types";
const AS_BYTES: &str = "its API takes JSON as bytes (`BinaryMediaTypes`)";

/// Whether JSON is, or may be, among some media types.
fn is_json(types: &Value) -> bool {
    let text = types.text().replace("~1", "/");
    text.contains("*/*") || text.contains("application/json") || !types.is_literal()
}

/// The steps of a place below another.
fn below(place: &Place, steps: &[&str]) -> Place {
    let mut steps: Vec<Step> = steps.iter().map(|step| Step::Key((*step).to_owned())).collect();
    let mut place = place.clone();
    place.steps.append(&mut steps);
    place
}
