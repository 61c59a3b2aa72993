//! Checks of the body that a request validator makes instead of the handler, with the answer where they
//! fail.
//!
//! A validator has one answer for all that it turns down. So the handler's answers must be one as well, and
//! known before the request. Whatever else is no JSON object is turned down with it too, which is named.

use serde_json::{Map, Value as Json, json};

use super::Mapper;
use super::sources::{BodyPart, body_part};
use super::velocity::is_plain;
use crate::refactor::mock_integration::Response;
use crate::refactor::placement::Checks;
use crate::summary::{Condition, EffectId, Outcome, Path, Shape, Symbol, Test};

/// What a validator takes over.
#[derive(Clone, Debug)]
pub(super) struct Validation {
    /// Questions, and how they are answered for whatever passes.
    settled: Vec<(Test, bool)>,
    fields: Vec<String>,
    schema: Json,
    refused: Response,
}

/// One question as a part of a schema.
enum Part {
    /// The body is an object.
    Object,
    Field(String, Option<Json>),
}

impl Validation {
    /// What can be checked before the call; `None` where the handler checks nothing that a schema can say,
    /// or not with one answer.
    pub(super) fn of(paths: &[&Path], call: EffectId, python: bool) -> Option<Self> {
        let mut settled: Vec<(Test, bool)> = Vec::new();
        let mut refused: Option<Response> = None;
        let mut parts = Vec::new();
        for path in paths.iter().filter(|path| !path.effects.contains(&call)) {
            let Some(condition) = path.when.last() else { continue };
            let passes = !condition.holds;
            if settled.contains(&(condition.test.clone(), passes)) {
                continue;
            }
            let Some(part) = part(&condition.test, passes, python) else { continue };
            let response = turned_down(paths, condition, call, python)?;
            if refused.as_ref().is_some_and(|known| *known != response) {
                return None;
            }
            refused = Some(response);
            settled.push((condition.test.clone(), passes));
            parts.push(part);
        }
        let refused =
            refused.filter(|refused| refused.status >= 400 && refused.kind == "application/json")?;
        let fields = parts.iter().filter_map(|part| match part {
            Part::Field(name, _) => Some(name.clone()),
            Part::Object => None,
        });
        Some(Self { fields: fields.collect(), schema: schema(parts), settled, refused })
    }

    /// How a question is answered for what passes.
    pub(super) fn settles(&self, condition: &Condition) -> Option<bool> {
        self.settled.iter().find(|(test, _)| *test == condition.test).map(|(_, passes)| *passes)
    }

    pub(super) fn requires(&self, field: &str) -> bool {
        self.fields.iter().any(|known| known == field)
    }

    pub(super) fn checks(&self, function: &str) -> Checks {
        let Response { status, headers, body, .. } = self.refused.clone();
        Checks { name: format!("{function}Body"), schema: self.schema.clone(), status, headers, body }
    }
}

impl Mapper<'_> {
    /// What differs where a validator turns requests down.
    pub(super) fn validated(&mut self) -> Option<Checks> {
        let checks = self.validation.as_ref()?.checks(&self.function.id.text);
        self.differs(
            "a body that is no JSON object, or lacks a field that is checked, is answered like other bad bodies",
        );
        Some(checks)
    }
}

/// The answer of all paths on one side of a question, where it is one and none of them makes the call.
fn turned_down(paths: &[&Path], asked: &Condition, call: EffectId, python: bool) -> Option<Response> {
    let mut found: Option<Response> = None;
    let here = |path: &&&Path| {
        path.when.iter().any(|condition| condition.test == asked.test && condition.holds == asked.holds)
    };
    for path in paths.iter().filter(here) {
        let Outcome::Returns(shape, _) = &path.outcome else { return None };
        let response = Response::of(shape, python).ok()?;
        if path.effects.contains(&call) || found.as_ref().is_some_and(|known| *known != response) {
            return None;
        }
        found = Some(response);
    }
    found
}

/// What a schema says of a body for which a question has this answer.
fn part(test: &Test, passes: bool, python: bool) -> Option<Part> {
    let field = |shape: &Shape| match body_part(shape) {
        Some(BodyPart::Field(name)) => Some(name.to_owned()),
        _ => None,
    };
    let is_body = |shape: &Shape| {
        matches!(shape, Shape::Symbol(Symbol::Event(path)) if *path == ["body"])
            || matches!(body_part(shape), Some(BodyPart::Whole))
    };
    if !passes {
        return None;
    }
    match test {
        Test::Truthy(value) | Test::Present(value) if is_body(value) => Some(Part::Object),
        Test::Has(value, name) if is_body(value) && is_plain(name) => Some(Part::Field(name.clone(), None)),
        Test::Present(value) => Some(Part::Field(field(value)?, Some(json!({"not": {"type": "null"}})))),
        Test::Truthy(value) => Some(Part::Field(field(value)?, Some(truthy(python)))),
        Test::Equal(Shape::Computed { operation, from, .. }, Shape::Symbol(Symbol::Name(kind)))
            if operation == "typeof" && matches!(kind.as_str(), "string" | "number" | "boolean") =>
        {
            Some(Part::Field(field(from.first()?)?, Some(json!({"type": kind}))))
        }
        Test::Equal(value, constant) => {
            Some(Part::Field(field(value)?, Some(json!({"enum": [text(constant)?]}))))
        }
        Test::OneOf(value, constants) => {
            let texts: Vec<&str> = constants.iter().map(text).collect::<Option<_>>()?;
            Some(Part::Field(field(value)?, Some(json!({"enum": texts}))))
        }
        _ => None,
    }
}

fn text(shape: &Shape) -> Option<&str> {
    match shape {
        Shape::Symbol(Symbol::Name(text)) => Some(text),
        _ => None,
    }
}

/// Neither null nor what else counts as nothing in the language.
fn truthy(python: bool) -> Json {
    match python {
        true => json!({"not": {"enum": ["", 0, false, null, [], {}]}}),
        false => json!({"not": {"enum": ["", 0, false, null]}}),
    }
}

/// All parts in one schema; several about a field must all hold.
fn schema(parts: Vec<Part>) -> Json {
    let mut required: Vec<String> = Vec::new();
    let mut properties: Map<String, Json> = Map::new();
    for part in parts {
        let Part::Field(name, says) = part else { continue };
        if !required.contains(&name) {
            required.push(name.clone());
        }
        let Some(says) = says else { continue };
        let known = properties.remove(&name);
        let all = match known {
            None => says,
            Some(Json::Object(mut known)) if known.contains_key("allOf") => {
                if let Some(Json::Array(all)) = known.get_mut("allOf") {
                    all.push(says);
                }
                Json::Object(known)
            }
            Some(known) => json!({"allOf": [known, says]}),
        };
        properties.insert(name, all);
    }
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("http://json-schema.org/draft-04/schema#"));
    schema.insert("type".to_owned(), json!("object"));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    if !properties.is_empty() {
        schema.insert("properties".to_owned(), Json::Object(properties));
    }
    Json::Object(schema)
}
