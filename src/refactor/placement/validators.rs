//! Request validators of an API: the schema of a body, and the answer to what does not fit it; in a
//! definition, or as resources.
//!
//! The answer of a gateway is one for the whole API, so nothing else of the API may be validated.

use serde_yaml::Value as Yaml;

use super::definition::Dialect;
use super::{Spot, below, list, map, reference, written};
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
        spot: Spot<'_>,
        api: &Place,
        body: &Place,
    ) -> Result<(), Refusal> {
        if others_are_validated(spot) {
            return spot
                .refuse("checks its body, and another event of its API does so with an answer of its own");
        }
        let dialect = Dialect::of(draft, body);
        let validator = map([("validateRequestBody", true), ("validateRequestParameters", false)]);
        let known = draft.value(&body.key(VALIDATORS));
        if known.is_some_and(|known| known.as_map().is_none_or(|known| known.get(BODY).is_none())) {
            return spot.refuse(OTHER_VALIDATORS);
        }
        put(draft, body, &[VALIDATORS, BODY], &validator)?;
        let answer = self.answer();
        match draft.value(&below(body, &[ANSWERS, ANSWER])) {
            Some(known) if !same(&known, &answer) => return spot.refuse(OTHER_ANSWER),
            _ if draft.has(&below(api, &["GatewayResponses", ANSWER])) => return spot.refuse(OTHER_ANSWER),
            _ if answer_resource(draft, spot).is_some() => return spot.refuse(OTHER_ANSWER),
            Some(_) => {}
            None => put(draft, body, &[ANSWERS, ANSWER], &answer)?,
        }
        let schema = serde_yaml::to_value(&self.schema).unwrap_or_default();
        match dialect {
            Dialect::Swagger => put(draft, body, &["definitions", &self.name], &schema),
            Dialect::OpenApi => put(draft, body, &["components", "schemas", &self.name], &schema),
        }
    }

    /// Lets an operation that is written already be checked.
    ///
    /// # Errors
    /// Where it is checked by a model of its own.
    pub(super) fn join(
        &self,
        draft: &mut Draft<'_>,
        spot: Spot<'_>,
        operation: &Place,
        body: &Place,
    ) -> Result<(), Refusal> {
        let is_body = |one: &Value| one.get("in").and_then(Value::as_str) == Some("body");
        let parameters = draft.value(&operation.key("parameters"));
        let parameters = parameters.as_ref().and_then(Value::as_list).unwrap_or_default();
        if draft.has(&operation.key(VALIDATOR))
            || draft.has(&body.key(VALIDATOR))
            || draft.has(&operation.key("requestBody"))
            || parameters.iter().any(is_body)
        {
            return spot.refuse(OTHER_VALIDATORS);
        }
        let (parameter, entries) = self.entries(Dialect::of(draft, body));
        match parameter {
            Some(parameter) if !parameters.is_empty() => {
                draft.append(&operation.key("parameters"), &parameter)?
            }
            Some(parameter) => draft.set(operation, "parameters", &list([parameter]))?,
            None => {}
        }
        entries.into_iter().try_for_each(|(name, value)| draft.insert(operation, name, &value, None))
    }

    /// The same as resources, for a method that is one; gives the ids of those that its deployment needs.
    ///
    /// # Errors
    /// Where something else of the API is validated, or is answered otherwise.
    pub(super) fn declare_resources(
        &self,
        draft: &mut Draft<'_>,
        spot: Spot<'_>,
        method: &Place,
    ) -> Result<Vec<String>, Refusal> {
        if ["RequestModels", "RequestValidatorId"].iter().any(|key| draft.has(&method.key(key))) {
            return spot.refuse(OTHER_VALIDATORS);
        }
        let api = ("RestApiId", reference(spot.api));
        let answer_id = format!("{}BadRequestBody", spot.api);
        let mut answer = vec![api.clone(), ("ResponseType", Yaml::from(ANSWER))];
        answer.extend(self.answer_entries().into_iter().map(|(name, value)| (cased(name), value)));
        let answer = resource("AWS::ApiGateway::GatewayResponse", answer);
        let answer_id = match answer_resource(draft, spot) {
            Some((id, known)) if same(&known, &written::long(&answer)) => id,
            Some(_) => return spot.refuse(OTHER_ANSWER),
            None if others_are_validated(spot) => return spot.refuse(OTHER_VALIDATORS),
            None => {
                add(draft, spot, &answer_id, &answer)?;
                answer_id
            }
        };
        let schema = serde_yaml::to_value(&self.schema).unwrap_or_default();
        let model = [api.clone(), ("ContentType", Yaml::from("application/json")), ("Schema", schema)];
        add(draft, spot, &self.name, &resource("AWS::ApiGateway::Model", model.into()))?;
        let validator_id = format!("{}Validator", self.name);
        let validator = [api, ("ValidateRequestBody", Yaml::from(true))];
        add(draft, spot, &validator_id, &resource("AWS::ApiGateway::RequestValidator", validator.into()))?;
        draft.insert(method, "RequestValidatorId", &reference(&validator_id), None)?;
        let models = map([("application/json", reference(&self.name))]);
        draft.insert(method, "RequestModels", &models, None)?;
        Ok(vec![answer_id])
    }

    fn answer(&self) -> Yaml {
        map(self.answer_entries())
    }

    fn answer_entries(&self) -> Vec<(&'static str, Yaml)> {
        let mut entries = vec![("statusCode", Yaml::from(self.status.to_string()))];
        if !self.headers.is_empty() {
            let headers = self.headers.iter();
            let headers = headers.map(|(name, value)| {
                (format!("gatewayresponse.header.{name}"), Yaml::from(format!("'{value}'")))
            });
            entries.push(("responseParameters", map(headers)));
        }
        entries.push(("responseTemplates", map([("application/json", self.body.as_str())])));
        entries
    }
}

const OTHER_VALIDATORS: &str = "checks its body, and its API has validators of its own";
const OTHER_ANSWER: &str = "checks its body, which other routes of its API answer otherwise";

/// `AWS::ApiGateway::GatewayResponse` spells what definitions say.
fn cased(name: &'static str) -> &'static str {
    match name {
        "statusCode" => "StatusCode",
        "responseParameters" => "ResponseParameters",
        "responseTemplates" => "ResponseTemplates",
        other => other,
    }
}

fn resource(kind: &str, properties: Vec<(&str, Yaml)>) -> Yaml {
    map([("Type", Yaml::from(kind)), ("Properties", map(properties))])
}

fn add(draft: &mut Draft<'_>, spot: Spot<'_>, id: &str, resource: &Yaml) -> Result<(), Refusal> {
    let resources = Place::new(spot.template().source, &["Resources"]);
    if draft.has(&resources.key(id)) {
        return spot.refuse(format!("checks its body, and `{id}` is something else already"));
    }
    draft.insert(&resources, id, resource, None)
}

/// What the API answers to a bad body, where that is a resource.
fn answer_resource(draft: &Draft<'_>, spot: Spot<'_>) -> Option<(String, Value)> {
    let resources = draft.value(&Place::new(spot.template().source, &["Resources"]))?;
    let is_it = |one: &Value| {
        let text = |path: &[&str]| one.at(path).and_then(Value::as_str).map(str::to_owned);
        let api = one.at(&["Properties", "RestApiId"]).map(Value::mentions).unwrap_or_default();
        text(&["Type"]).as_deref() == Some("AWS::ApiGateway::GatewayResponse")
            && text(&["Properties", "ResponseType"]).as_deref() == Some(ANSWER)
            && api.iter().any(|mention| mention.name.text == spot.api)
    };
    let mut all = resources.as_map()?.iter();
    all.find(|(_, one)| is_it(one)).map(|(id, one)| (id.text.clone(), one.clone()))
}

/// Whether another route of the API has a model or parameters of its own.
fn others_are_validated(spot: Spot<'_>) -> bool {
    let Spot { app, route, .. } = spot;
    let others =
        app.graph.routes.iter().filter(|other| other.template == route.template && other.api == route.api);
    let template = spot.template();
    others.filter(|other| other.span != route.span).any(|other| {
        let Some(owner) = template.resources.iter().find(|resource| resource.span.contains(other.span))
        else {
            return false;
        };
        if owner.is("AWS::ApiGateway::Method") {
            return owner.property("RequestValidatorId").is_some();
        }
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
