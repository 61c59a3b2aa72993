//! Operations in the definition of an API: OpenAPI 3 or Swagger 2, in the template or in a file of its
//! own.

use serde_yaml::Value as Yaml;

use super::{
    AS_BYTES, Answer, BINARY_TYPES, INTEGRATION, Operation, STAYING, Site, Spot, below, deployment, is_json,
    list, map, reference, written,
};
use crate::graph::Route;
use crate::refactor::Refusal;
use crate::refactor::draft::{Draft, Place, Step};
use crate::template::{Resource, Value};

/// How a definition spells types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Swagger,
    OpenApi,
}

impl Dialect {
    /// Of the definition at a place.
    pub(super) fn of(draft: &Draft<'_>, body: &Place) -> Self {
        if draft.has(&body.key("openapi")) { Self::OpenApi } else { Self::Swagger }
    }

    fn text(self) -> Yaml {
        let kind = map([("type", "string")]);
        match self {
            Self::Swagger => kind,
            Self::OpenApi => map([("schema", kind)]),
        }
    }
}

/// The place of an API's definition in the template; one is begun where there is none.
///
/// # Errors
/// A definition that is not written out.
pub(super) fn body(draft: &mut Draft<'_>, properties: &Place) -> Result<Place, Refusal> {
    let place = properties.key("DefinitionBody");
    match draft.value(&place) {
        None => {
            let info = map([("title", reference("AWS::StackName")), ("version", Yaml::from("1.0"))]);
            let body =
                map([("swagger", Yaml::from("2.0")), ("info", info), ("paths", map::<String, Yaml>([]))]);
            draft.insert(properties, "DefinitionBody", &body, None)?;
        }
        Some(body) if body.as_map().is_some() => {}
        Some(body) => {
            return Err(Refusal::new(body.span, "the definition of its API is not written out here"));
        }
    }
    Ok(place)
}

/// A whole operation.
pub(super) fn operation(
    route: &Route,
    operation: &Operation,
    security: Option<Yaml>,
    timeout: Option<i64>,
    dialect: Dialect,
) -> Yaml {
    let mut entries = Vec::new();
    let (body, checks) = operation.checks.as_ref().map(|checks| checks.entries(dialect)).unwrap_or_default();
    let parameters: Vec<Yaml> =
        parameters(&route.path).map(|name| parameter(name, dialect)).chain(body).collect();
    if !parameters.is_empty() {
        entries.push(("parameters", list(parameters)));
    }
    if let Some(security) = security {
        entries.push(("security", security));
    }
    entries.extend(checks);
    entries.push(("responses", responses(operation, dialect)));
    let mut integration = operation.integration.clone();
    if let (Some(timeout), Yaml::Mapping(settings)) = (timeout, &mut integration) {
        settings.insert("timeoutInMillis".into(), timeout.into());
    }
    entries.push((INTEGRATION, integration));
    map(entries)
}

/// Adds an operation to a definition.
///
/// # Errors
/// A definition that has it already, or cannot be edited.
pub(super) fn insert(
    draft: &mut Draft<'_>,
    body: &Place,
    route: &Route,
    method: &Yaml,
) -> Result<(), Refusal> {
    let key = method_key(&route.method);
    let path = below(body, &["paths", &route.path]);
    let paths = body.key("paths");
    if draft.has(&path) {
        if draft.has(&path.key(&key)) {
            return Err(Refusal::new(route.span, "the definition of its API already says this route"));
        }
        return draft.insert(&path, &key, method, None);
    }
    let item = map([(key, method.clone())]);
    let is_empty =
        draft.value(&paths).is_some_and(|paths| paths.as_map().is_some_and(|paths| paths.is_empty()));
    if is_empty {
        return draft.replace(body, "paths", &map([(route.path.clone(), item)]));
    }
    if !draft.has(&paths) {
        return draft.insert(body, "paths", &map([(route.path.clone(), item)]), None);
    }
    draft.insert(&paths, &route.path, &item, None)
}

/// An operation that is written out.
pub(super) struct Written<'a> {
    spot: Spot<'a>,
}

impl<'a> Written<'a> {
    pub(super) fn new(spot: Spot<'a>) -> Self {
        Self { spot }
    }
}

impl Site for Written<'_> {
    /// # Errors
    /// Where it stands in a file that cannot say what the integration needs, or cannot be edited.
    fn put(&self, draft: &mut Draft<'_>, operation: &Operation) -> Result<Vec<String>, Refusal> {
        let Spot { route, .. } = self.spot;
        let Some(api) = self.spot.api_resource() else {
            return self.spot.refuse("its API is not in this template");
        };
        is_read_by_cloudformation(api)?;
        let unknown = || Refusal::new(route.span, "its operation was not found in the definition");
        let place = draft.first_place_of(route.span).ok_or_else(unknown)?;
        let root = root_of(&place).ok_or_else(unknown)?;
        if draft.value(&root.key(BINARY_TYPES)).is_some_and(|types| is_json(&types)) {
            return self.spot.refuse(AS_BYTES);
        }
        let known = draft.value(&place.key(INTEGRATION)).ok_or_else(unknown)?;
        let mut integration = operation.integration.clone();
        keep(&known, &mut integration);
        // A file of its own has no short tags.
        if root.steps.is_empty() {
            integration = written::long(&integration);
        }
        draft.replace(&place, INTEGRATION, &integration)?;
        let dialect = Dialect::of(draft, &root);
        say(draft, &place, operation, dialect)?;
        if let Some(checks) = &operation.checks {
            let properties =
                Place::new(self.spot.template().source, &["Resources", self.spot.api, "Properties"]);
            checks.join(draft, self.spot, &place, &root)?;
            checks.declare(draft, self.spot, &properties, &root)?;
        }
        let is_plain = api.is("AWS::ApiGateway::RestApi");
        Ok(if is_plain { deployment::renew(draft, self.spot, &[])? } else { Vec::new() })
    }
}

/// A definition that is uploaded as it is cannot name a table or a role of the template.
fn is_read_by_cloudformation(api: &Resource) -> Result<(), Refusal> {
    let uploaded = ["DefinitionUri", "BodyS3Location"];
    match uploaded.iter().find_map(|key| api.property(key)) {
        Some(uri) => {
            let text = "the definition of its API is uploaded as it is, so it cannot name resources of the \
                        template; include it by `Fn::Transform: AWS::Include` in `DefinitionBody`";
            Err(Refusal::new(uri.span, text))
        }
        None => Ok(()),
    }
}

/// What an integration had and keeps.
fn keep(known: &Value, integration: &mut Yaml) {
    let Yaml::Mapping(settings) = integration else { return };
    for name in STAYING {
        if let Some(value) = known.get(name) {
            settings.insert((*name).into(), written::of_value(value));
        }
    }
}

/// Says every status and header that the operation answers with; what is said already stays.
fn say(draft: &mut Draft<'_>, place: &Place, operation: &Operation, dialect: Dialect) -> Result<(), Refusal> {
    let all = place.key("responses");
    let is_open = draft.value(&all).is_some_and(|known| known.as_map().is_some_and(|map| !map.is_empty()));
    if !is_open {
        return draft.set(place, "responses", &responses(operation, dialect));
    }
    for answer in &operation.answers {
        let (status, response) = response(answer, dialect);
        let headers = below(&all, &[&status, "headers"]);
        if !draft.has(&all.key(&status)) {
            draft.insert(&all, &status, &response, None)?;
        } else if !draft.has(&headers) && !answer.headers.is_empty() {
            let said = map(answer.headers.iter().map(|name| (name.clone(), dialect.text())));
            draft.insert(&all.key(&status), "headers", &said, None)?;
        } else {
            for name in &answer.headers {
                if !draft.has(&headers.key(name)) {
                    draft.insert(&headers, name, &dialect.text(), None)?;
                }
            }
        }
    }
    Ok(())
}

/// The definition that an operation is part of: what has `paths` in it.
fn root_of(place: &Place) -> Option<Place> {
    let paths = Step::Key("paths".to_owned());
    let at = place.steps.iter().rposition(|step| *step == paths)?;
    Some(Place { source: place.source, steps: place.steps[..at].to_vec() })
}

fn responses(operation: &Operation, dialect: Dialect) -> Yaml {
    map(operation.answers.iter().map(|answer| response(answer, dialect)))
}

/// A status, and what a definition says of it.
fn response(answer: &Answer, dialect: Dialect) -> (String, Yaml) {
    let mut entries = vec![("description", Yaml::from(format!("{} response", answer.status)))];
    if !answer.headers.is_empty() {
        entries.push(("headers", map(answer.headers.iter().map(|name| (name.clone(), dialect.text())))));
    }
    (answer.status.to_string(), map(entries))
}

fn parameter(name: &str, dialect: Dialect) -> Yaml {
    let mut entries =
        vec![("name", Yaml::from(name)), ("in", Yaml::from("path")), ("required", Yaml::from(true))];
    match dialect {
        Dialect::Swagger => entries.push(("type", Yaml::from("string"))),
        Dialect::OpenApi => entries.push(("schema", map([("type", "string")]))),
    }
    map(entries)
}

/// Names in `{name}` and `{name+}`.
fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.trim_end_matches('+')))
}

fn method_key(method: &str) -> String {
    match method {
        "ANY" => "x-amazon-apigateway-any-method".to_owned(),
        method => method.to_ascii_lowercase(),
    }
}
