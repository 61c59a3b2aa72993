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

use serde_yaml::Value as Yaml;

use super::draft::{Draft, Place, Step};
use super::written::{list, map, reference};
use super::{Refusal, written};
use crate::graph::{App, FunctionRef, Reference, Route};
use crate::template::{Resource, Template, Value};
use definition::Dialect;

/// A method of a REST API with an integration of its own.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The value of `x-amazon-apigateway-integration`.
    pub integration: Yaml,
    pub answers: Vec<Answer>,
}

/// A status that a method answers with, and the names of its headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<String>,
}

const INTEGRATION: &str = "x-amazon-apigateway-integration";

/// Moves a route from a function to the definition of its API.
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
) -> Result<(), Refusal> {
    let template = function.template();
    let api = api_of(template, route)?;
    takes_json(api, route)?;
    match &route.event {
        None => definition::replace(draft, route, operation)?,
        Some(_) => {
            if let Some(condition) = &function.condition {
                let text = format!(
                    "the function is only there where `{}` holds, and so is its route",
                    condition.text
                );
                return Err(Refusal::new(condition.span, text));
            }
            add(draft, app, function, api, route, operation)?;
        }
    }
    Ok(())
}

/// Adds what an event made to the definition, and takes the event away.
fn add(
    draft: &mut Draft<'_>,
    app: &App<'_>,
    function: FunctionRef<'_>,
    api: &Resource,
    route: &Route,
    operation: &Operation,
) -> Result<(), Refusal> {
    let own = event::settings(function, route)?;
    let security = event::security(&own, route)?;
    others_are_merged(app, function.template(), api, route)?;
    let event =
        draft.first_place_of(route.span).ok_or_else(|| Refusal::new(route.span, "is not written here"))?;
    draft.prune(&event, KEPT)?;
    let properties = Place::new(function.template().source, &["Resources", &api.id.text, "Properties"]);
    if !draft.has(&properties) {
        return Err(Refusal::new(api.id.span, "the API has no properties to add to"));
    }
    let place = definition::body(draft, &properties, api)?;
    let dialect = Dialect::of(draft, &place);
    let method = definition::operation(route, operation, security, own.timeout, dialect);
    definition::insert(draft, &place, route, &method)?;
    if draft.value(&properties.key("MergeDefinitions")).and_then(|value| value.as_bool()) != Some(true) {
        draft.set(&properties, "MergeDefinitions", &Yaml::from(true))?;
    }
    Ok(())
}

/// `Resources/Id/Properties` of the function stay.
const KEPT: usize = 3;

/// The API of a route, as a resource of the same template.
fn api_of<'t>(template: &'t Template, route: &Route) -> Result<&'t Resource, Refusal> {
    let Reference::Resource(id) = &route.api else {
        return Err(Refusal::new(route.span, "its API is not in this template"));
    };
    let Some(api) = template.resource(id) else {
        let text = "its API is the one that SAM makes by itself, which has no definition to write into; declare an \
                    `AWS::Serverless::Api` and name it in the events by `RestApiId`";
        return Err(Refusal::new(route.span, text));
    };
    let is_sam = api.is("AWS::Serverless::Api");
    if !is_sam && (route.event.is_some() || !api.is("AWS::ApiGateway::RestApi")) {
        return Err(Refusal::new(api.id.span, "its API is no REST API whose definition is in this template"));
    }
    Ok(api)
}

/// Mapping templates read JSON only where it does not come as bytes.
fn takes_json(api: &Resource, route: &Route) -> Result<(), Refusal> {
    let Some(types) = api.property("BinaryMediaTypes") else { return Ok(()) };
    let text = types.text().replace("~1", "/");
    if text.contains("*/*") || text.contains("application/json") || !types.is_literal() {
        return Err(Refusal::new(route.span, "its API takes JSON as bytes (`BinaryMediaTypes`)"));
    }
    Ok(())
}

/// Once a definition is written out, SAM adds the events of functions to it, but not those of state
/// machines.
fn others_are_merged(
    app: &App<'_>,
    template: &Template,
    api: &Resource,
    route: &Route,
) -> Result<(), Refusal> {
    let is_merging = api.property("MergeDefinitions").and_then(Value::as_bool) == Some(true);
    let written_out = api.property("DefinitionBody").is_some();
    if written_out && !is_merging {
        return Err(Refusal::new(route.span, "the definition of its API does not say this route"));
    }
    let of_machine = app.graph.routes.iter().find(|other| {
        let same = other.template == route.template && other.api == route.api && other.event.is_some();
        same && template.resources.iter().any(|resource| {
            resource.kind.text.ends_with("StateMachine") && resource.span.contains(other.span)
        })
    });
    match of_machine {
        Some(other) if !is_merging => {
            let text = "this event of a state machine would be lost: SAM merges only events of functions into a definition";
            Err(Refusal::new(other.span, text))
        }
        _ => Ok(()),
    }
}

/// The steps of a place below another.
fn below(place: &Place, steps: &[&str]) -> Place {
    let mut steps: Vec<Step> = steps.iter().map(|step| Step::Key((*step).to_owned())).collect();
    let mut place = place.clone();
    place.steps.append(&mut steps);
    place
}
