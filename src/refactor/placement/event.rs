//! What the event of a function says of its route, and a definition must say as well.

use serde_yaml::Value as Yaml;

use super::{list, map};
use crate::graph::{FunctionRef, Route};
use crate::refactor::Refusal;
use crate::template::Value;

/// Settings of an event.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    auth: Option<Value>,
    pub timeout: Option<i64>,
}

/// Reads the settings of the event that makes a route.
///
/// # Errors
/// A setting that is not carried over.
pub(super) fn settings(function: FunctionRef<'_>, route: &Route) -> Result<Settings, Refusal> {
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
pub(super) fn security(own: &Settings) -> Result<Option<Yaml>, Refusal> {
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
