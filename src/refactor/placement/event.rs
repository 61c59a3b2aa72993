//! Routes that events of functions make.
//!
//! SAM writes the definition of an API from them. It takes a definition in the template as well, and with
//! `MergeDefinitions` both: the routes of events join those that are written out. So only what needs no
//! function is written, and everything else stays as it is: authorizers, API keys, CORS, models and the
//! settings of methods are the API's and count for all its routes. Resources of type
//! `AWS::ApiGateway::Method` beside the API would not do: whenever SAM's definition changes, it replaces
//! them.

use serde_yaml::Value as Yaml;

use super::definition::{self, Dialect};
use super::{Operation, Site, Spot, implicit, list, map};
use crate::graph::{App, FunctionRef, Route};
use crate::refactor::Refusal;
use crate::refactor::draft::{Draft, Place};
use crate::template::{Resource, Template, Value};

pub(super) struct Event<'a> {
    spot: Spot<'a>,
}

impl<'a> Event<'a> {
    pub(super) fn new(spot: Spot<'a>) -> Self {
        Self { spot }
    }
}

/// `Resources/Id/Properties` of the function stay.
const KEPT: usize = 3;

impl Site for Event<'_> {
    fn put(&self, draft: &mut Draft<'_>, operation: &Operation) -> Result<Vec<String>, Refusal> {
        let Spot { app, function, route, api } = self.spot;
        let template = function.template();
        others_are_merged(app, template, route)?;
        let own = settings(function, route)?;
        let mut differs = Vec::new();
        let id = match self.spot.api_resource() {
            Some(resource) => {
                is_open(resource, route)?;
                api.to_owned()
            }
            None if implicit::is_implicit(template, api) => {
                let declared = declared_before(draft, function, route);
                match declared {
                    Some(id) => id,
                    None => {
                        let new = implicit::declare(draft, app, function, route, api)?;
                        differs.push(format!(
                            "the API that SAM made by itself becomes `{new}` and gets a new address"
                        ));
                        new
                    }
                }
            }
            None => return self.spot.refuse("its API is not in this template"),
        };
        self.add(draft, &id, &own, operation)?;
        Ok(differs)
    }
}

impl Event<'_> {
    /// Adds what the event made to the definition, and takes the event away.
    fn add(
        &self,
        draft: &mut Draft<'_>,
        api: &str,
        own: &Settings,
        operation: &Operation,
    ) -> Result<(), Refusal> {
        let Spot { function, route, .. } = self.spot;
        let security = security(own)?;
        let event = draft.first_place_of(route.span);
        let event = event.ok_or_else(|| Refusal::new(route.span, "is not written here"))?;
        draft.prune(&event, KEPT)?;
        let properties = Place::new(function.template().source, &["Resources", api, "Properties"]);
        if !draft.has(&properties) {
            return self.spot.refuse("its API has no properties to add to");
        }
        let place = definition::body(draft, &properties)?;
        let dialect = Dialect::of(draft, &place);
        let method = definition::operation(route, operation, security, own.timeout, dialect);
        definition::insert(draft, &place, route, &method)?;
        if let Some(checks) = &operation.checks {
            checks.declare(draft, self.spot, &properties, &place)?;
        }
        let merges = properties.key("MergeDefinitions");
        if draft.value(&merges).and_then(|value| value.as_bool()) != Some(true) {
            draft.set(&properties, "MergeDefinitions", &Yaml::from(true))?;
        }
        Ok(())
    }
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

/// Settings of an event, which a definition must say as well.
#[derive(Clone, Debug, Default)]
struct Settings {
    auth: Option<Value>,
    timeout: Option<i64>,
}

/// Reads the settings of the event that makes a route.
///
/// # Errors
/// A setting that is not carried over.
fn settings(function: FunctionRef<'_>, route: &Route) -> Result<Settings, Refusal> {
    let name = route.event.as_ref().map(|name| name.text.as_str()).unwrap_or_default();
    let properties = function.property("Events").and_then(|events| events.at(&[name, "Properties"]));
    let mut found = Settings::default();
    for (key, value) in properties.and_then(Value::as_map).into_iter().flat_map(crate::template::Map::iter) {
        match key.text.as_str() {
            "Path" | "Method" | "RestApiId" => {}
            "Auth" => found.auth = Some(value.clone()),
            "TimeoutInMillis" if value.as_i64().is_some() => found.timeout = value.as_i64(),
            other => {
                let text = format!("its event sets `{other}`, which this refactoring does not carry over");
                return Err(Refusal::new(key.span, text));
            }
        }
    }
    Ok(found)
}

/// The security of an operation, where the event says more than the API.
///
/// # Errors
/// Settings that a definition says in another way.
fn security(own: &Settings) -> Result<Option<Yaml>, Refusal> {
    let Some(auth) = &own.auth else { return Ok(None) };
    let refuse = |text: &str| Err(Refusal::new(auth.span, format!("the `Auth` of its event {text}")));
    let Some(auth_map) = auth.as_map() else { return refuse("could not be read") };
    let mut authorizer = None;
    let mut scopes = Vec::new();
    let mut key = false;
    for (name, value) in auth_map.iter() {
        match (name.text.as_str(), value.as_str(), value.as_bool()) {
            ("Authorizer", Some("AWS_IAM"), _) => {
                return refuse("asks for IAM, which SAM sets up for functions only");
            }
            ("Authorizer", Some(name), _) => authorizer = Some(name.to_owned()),
            ("ApiKeyRequired", _, Some(true)) => key = true,
            ("AuthorizationScopes", ..)
                if value.as_list().is_some_and(|list| list.iter().all(|item| item.as_str().is_some())) =>
            {
                scopes = value
                    .as_list()
                    .unwrap_or_default()
                    .iter()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect();
            }
            (other, ..) => {
                return refuse(&format!("sets `{other}`, which this refactoring does not carry over"));
            }
        }
    }
    if authorizer.is_none() && !scopes.is_empty() {
        return refuse("names scopes without an authorizer");
    }
    let mut needs = Vec::new();
    if let Some(name) = authorizer {
        needs.push(map([(name, list(scopes.into_iter().map(Yaml::from)))]));
    }
    if key {
        needs.push(map([("api_key", list::<Yaml>([]))]));
    }
    Ok((!needs.is_empty()).then(|| list(needs)))
}
