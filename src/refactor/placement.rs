//! Where a route of a REST API goes that needs no function: into the definition of its API.
//!
//! SAM writes the definition of an API from the events of functions. It takes a definition in the
//! template as well, and with `MergeDefinitions` both: the routes of events join those that are written
//! out. So only what needs no function is written, and everything else stays as it is: authorizers, API
//! keys, CORS, models and the settings of methods are the API's and count for all its routes. Resources
//! of type `AWS::ApiGateway::Method` beside the API would not do: whenever SAM's definition changes, it
//! replaces them.

mod definition;
mod event;
mod implicit;
mod validators;

use serde_yaml::Value as Yaml;

use super::draft::{Draft, Place, Step};
use super::written::{list, map, reference};
use super::{Refusal, written};
use crate::graph::{App, FunctionRef, Reference, Route};
use crate::template::{Map, Resource, Template, Value};
use definition::Dialect;
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

/// A status that a method answers with, and the names of its headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<String>,
}

const INTEGRATION: &str = "x-amazon-apigateway-integration";

/// Moves a route from a function to the definition of its API; says what is different then.
///
/// # Errors
/// What stands in the way: an API that is not in this template, settings of the event that a definition
/// cannot be given, a layout that cannot be edited.
pub fn place(
    draft: &mut Draft<'_>,
    app: &App<'_>,
    function: FunctionRef<'_>,
    route: &Route,
    operation: &Operation,
) -> Result<Vec<String>, Refusal> {
    let template = function.template();
    let Reference::Resource(id) = &route.api else {
        return Err(Refusal::new(route.span, "its API is not in this template"));
    };
    let api = template.resource(id);
    let globals = template.with_globals("AWS::Serverless::Api", &Map::default());
    takes_json(api.map_or(&globals, |api| &api.properties), route)?;
    if route.event.is_none() {
        is_read_by_cloudformation(api, route)?;
        if operation.checks.is_some() {
            let text = "checks its body, and its operation is in a definition that is written already";
            return Err(Refusal::new(route.span, text));
        }
        definition::replace(draft, route, operation)?;
        let is_plain = api.is_some_and(|api| api.is("AWS::ApiGateway::RestApi"));
        return Ok(is_plain.then(|| "the API has to be deployed anew".to_owned()).into_iter().collect());
    }
    if let Some(condition) = &function.condition {
        let text =
            format!("the function is only there where `{}` holds, and so is its route", condition.text);
        return Err(Refusal::new(condition.span, text));
    }
    others_are_merged(app, template, route)?;
    let own = event::settings(function, route)?;
    let mut differs = Vec::new();
    let id = match api {
        Some(api) => {
            is_open(api, route)?;
            id.clone()
        }
        None if implicit::is_implicit(template, id) => {
            let declared = declared_before(draft, function, route);
            match declared {
                Some(id) => id,
                None => {
                    let new = implicit::declare(draft, app, function, route, id)?;
                    differs.push(format!(
                        "the API that SAM made by itself becomes `{new}` and gets a new address"
                    ));
                    new
                }
            }
        }
        None => return Err(Refusal::new(route.span, "its API is not in this template")),
    };
    add(draft, app, function, &id, route, &own, operation)?;
    Ok(differs)
}

/// The API that an event names by now: another route of the function may have been moved before.
fn declared_before(draft: &Draft<'_>, function: FunctionRef<'_>, route: &Route) -> Option<String> {
    let event = route.event.as_ref()?;
    let keys =
        ["Resources", &function.id.text, "Properties", "Events", &event.text, "Properties", "RestApiId"];
    let named = draft.value(&Place::new(function.template().source, &keys))?;
    let mention = named.mentions().into_iter().next()?;
    let known = function.template().resource(&mention.name.text).is_some();
    (!known && !implicit::is_implicit(function.template(), &mention.name.text)).then_some(mention.name.text)
}

/// Adds what an event made to the definition, and takes the event away.
fn add(
    draft: &mut Draft<'_>,
    app: &App<'_>,
    function: FunctionRef<'_>,
    api: &str,
    route: &Route,
    own: &event::Settings,
    operation: &Operation,
) -> Result<(), Refusal> {
    let security = event::security(own)?;
    let event =
        draft.first_place_of(route.span).ok_or_else(|| Refusal::new(route.span, "is not written here"))?;
    draft.prune(&event, KEPT)?;
    let properties = Place::new(function.template().source, &["Resources", api, "Properties"]);
    if !draft.has(&properties) {
        return Err(Refusal::new(route.span, "its API has no properties to add to"));
    }
    let place = definition::body(draft, &properties)?;
    let dialect = Dialect::of(draft, &place);
    let method = definition::operation(route, operation, security, own.timeout, dialect);
    definition::insert(draft, &place, route, &method)?;
    if let Some(checks) = &operation.checks {
        checks.declare(draft, app, function, route, &properties, &place)?;
    }
    let merges = properties.key("MergeDefinitions");
    if draft.value(&merges).and_then(|value| value.as_bool()) != Some(true) {
        draft.set(&properties, "MergeDefinitions", &Yaml::from(true))?;
    }
    Ok(())
}

/// `Resources/Id/Properties` of the function stay.
const KEPT: usize = 3;

/// Whether the definition of the API is one that events are added to.
fn is_open(api: &Resource, route: &Route) -> Result<(), Refusal> {
    if !api.is("AWS::Serverless::Api") {
        return Err(Refusal::new(api.id.span, "its API is no REST API whose definition is in this template"));
    }
    let is_merging = api.property("MergeDefinitions").and_then(Value::as_bool) == Some(true);
    match api.property("DefinitionUri").or_else(|| api.property("DefinitionBody")) {
        Some(_) if !is_merging => {
            Err(Refusal::new(route.span, "the definition of its API does not say this route"))
        }
        _ => Ok(()),
    }
}

/// A definition that is uploaded as it is cannot name a table or a role of the template.
fn is_read_by_cloudformation(api: Option<&Resource>, route: &Route) -> Result<(), Refusal> {
    let uploaded = ["DefinitionUri", "BodyS3Location"];
    match api.and_then(|api| uploaded.iter().find_map(|key| api.property(key))) {
        Some(uri) => {
            let text = "the definition of its API is uploaded as it is, so it cannot name resources of the \
                        template; include it by `Fn::Transform: AWS::Include` in `DefinitionBody`";
            Err(Refusal::new(uri.span, text))
        }
        None if api.is_none() => Err(Refusal::new(route.span, "its API is not in this template")),
        None => Ok(()),
    }
}

/// Mapping templates read JSON only where it does not come as bytes.
fn takes_json(api: &Map, route: &Route) -> Result<(), Refusal> {
    let Some(types) = api.get("BinaryMediaTypes") else { return Ok(()) };
    let text = types.text().replace("~1", "/");
    if text.contains("*/*") || text.contains("application/json") || !types.is_literal() {
        return Err(Refusal::new(route.span, "its API takes JSON as bytes (`BinaryMediaTypes`)"));
    }
    Ok(())
}

/// Once a definition is written out, SAM adds the events of functions to it, but not those of state
/// machines.
fn others_are_merged(app: &App<'_>, template: &Template, route: &Route) -> Result<(), Refusal> {
    let is_machine = |other: &&Route| {
        let same = other.template == route.template && other.api == route.api && other.event.is_some();
        let owner = || template.resources.iter().find(|resource| resource.span.contains(other.span));
        same && owner().is_some_and(|owner| owner.kind.text.ends_with("StateMachine"))
    };
    match app.graph.routes.iter().find(is_machine) {
        Some(other) => {
            let text = "this event of a state machine would be lost: SAM merges only events of functions into a definition";
            Err(Refusal::new(other.span, text))
        }
        None => Ok(()),
    }
}

/// The steps of a place below another.
fn below(place: &Place, steps: &[&str]) -> Place {
    let mut steps: Vec<Step> = steps.iter().map(|step| Step::Key((*step).to_owned())).collect();
    let mut place = place.clone();
    place.steps.append(&mut steps);
    place
}
