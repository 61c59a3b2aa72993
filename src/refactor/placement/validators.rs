//! Request validators in the definition of an API: the schema of a body, and the answer to what does not
//! fit it.
//!
//! The answer of a gateway is one for the whole API, so nothing else of the API may be validated.

use serde_yaml::Value as Yaml;

use super::definition::Dialect;
use super::{below, map};
use crate::graph::{App, FunctionRef, Reference, Route};
use crate::refactor::Refusal;
use crate::refactor::draft::{Draft, Place};
use crate::template::Value;

/// What is checked of a body before an integration sees it.
#[derive(Clone, Debug)]
pub struct Checks {
    /// The name of the model.
    pub name: String,
    pub schema: serde_json::Value,
    /// The answer to what does not fit.
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

const VALIDATORS: &str = "x-amazon-apigateway-request-validators";
const VALIDATOR: &str = "x-amazon-apigateway-request-validator";
const ANSWERS: &str = "x-amazon-apigateway-gateway-responses";
const ANSWER: &str = "BAD_REQUEST_BODY";
/// The name of the validator in the definition.
const BODY: &str = "body";

impl Checks {
    /// What the operation says of them.
    pub(super) fn entries(&self, dialect: Dialect) -> (Option<Yaml>, Vec<(&'static str, Yaml)>) {
        let named = |place: &str| map([("$ref", format!("#/{place}/{}", self.name))]);
        let validator = (VALIDATOR, Yaml::from(BODY));
        match dialect {
            Dialect::Swagger => {
                let parameter = map([
                    ("name", Yaml::from(self.name.as_str())),
                    ("in", Yaml::from("body")),
                    ("required", Yaml::from(true)),
                    ("schema", named("definitions")),
                ]);
                (Some(parameter), vec![validator])
            }
            Dialect::OpenApi => {
                let content = map([("application/json", map([("schema", named("components/schemas"))]))]);
                let body = map([("required", Yaml::from(true)), ("content", content)]);
                (None, vec![("requestBody", body), validator])
            }
        }
    }

    /// Adds the model, the validator and the answer to a definition.
    ///
    /// # Errors
    /// Where something else of the API is validated, or is answered otherwise.
    pub(super) fn declare(
        &self,
        draft: &mut Draft<'_>,
        app: &App<'_>,
        function: FunctionRef<'_>,
        route: &Route,
        api: &Place,
        body: &Place,
    ) -> Result<(), Refusal> {
        let refuse = |text: &str| Err(Refusal::new(route.span, text));
        if others_are_validated(app, function, route) {
            return refuse("checks its body, and another event of its API does so with an answer of its own");
        }
        if draft.has(&below(api, &["GatewayResponses", ANSWER])) {
            return refuse("checks its body, for which its API has an answer already");
        }
        let dialect = Dialect::of(draft, body);
        let validator = map([("validateRequestBody", true), ("validateRequestParameters", false)]);
        let known = draft.value(&body.key(VALIDATORS));
        if known.is_some_and(|known| known.as_map().is_none_or(|known| known.get(BODY).is_none())) {
            return refuse("checks its body, and the definition of its API has validators of its own");
        }
        put(draft, body, &[VALIDATORS, BODY], &validator)?;
        let answer = self.answer();
        match draft.value(&below(body, &[ANSWERS, ANSWER])) {
            Some(known) if !same(&known, &answer) => {
                return refuse("checks its body, which other routes of its API answer otherwise");
            }
            Some(_) => {}
            None => put(draft, body, &[ANSWERS, ANSWER], &answer)?,
        }
        let schema = serde_yaml::to_value(&self.schema).unwrap_or_default();
        match dialect {
            Dialect::Swagger => put(draft, body, &["definitions", &self.name], &schema),
            Dialect::OpenApi => put(draft, body, &["components", "schemas", &self.name], &schema),
        }
    }

    fn answer(&self) -> Yaml {
        let mut entries = vec![("statusCode", Yaml::from(self.status.to_string()))];
        if !self.headers.is_empty() {
            let headers = self.headers.iter();
            let headers = headers.map(|(name, value)| {
                (format!("gatewayresponse.header.{name}"), Yaml::from(format!("'{value}'")))
            });
            entries.push(("responseParameters", map(headers)));
        }
        entries.push(("responseTemplates", map([("application/json", self.body.as_str())])));
        map(entries)
    }
}

/// Whether another event of the API has a model or parameters of its own.
fn others_are_validated(app: &App<'_>, function: FunctionRef<'_>, route: &Route) -> bool {
    let Reference::Resource(_) = &route.api else { return true };
    let others =
        app.graph.routes.iter().filter(|other| other.template == route.template && other.api == route.api);
    let template = function.template();
    others.filter(|other| other.span != route.span).any(|other| {
        let Some(owner) = template.resources.iter().find(|resource| resource.span.contains(other.span))
        else {
            return false;
        };
        let event = other.event.as_ref().map(|event| event.text.as_str()).unwrap_or_default();
        let settings = owner.property("Events").and_then(|events| events.at(&[event, "Properties"]));
        ["RequestModel", "RequestParameters"]
            .iter()
            .any(|name| settings.is_some_and(|settings: &Value| settings.get(name).is_some()))
    })
}

/// Sets an entry deep in a mapping, with the mappings around it where they are not there.
fn put(draft: &mut Draft<'_>, at: &Place, keys: &[&str], value: &Yaml) -> Result<(), Refusal> {
    let Some((first, rest)) = keys.split_first() else { return Ok(()) };
    if rest.is_empty() {
        return draft.set(at, first, value);
    }
    if draft.has(&at.key(first)) {
        return put(draft, &at.key(first), rest, value);
    }
    let wrapped = rest.iter().rev().fold(value.clone(), |inner, key| map([(*key, inner)]));
    draft.insert(at, first, &wrapped, None)
}

fn same(known: &Value, new: &Yaml) -> bool {
    serde_yaml::to_value(known.to_json()).is_ok_and(|known| known == *new)
}
