//! Checks of the body that a request validator makes instead of the handler, with the answer where they
//! fail.
//!
//! A validator has one answer for all that it turns down, an API has one for all its validators, and they
//! ask before anything else does. So the handler's answers must be one as well and known before the request,
//! and each of its ways to the call must pass the same checks. Whatever else is no JSON object is turned down
//! with it too, which is named.

use serde_json::{Map, Value as Json, json};

use super::Mapper;
use super::bounds;
use super::sources::{BodyPart, body_part};
use super::velocity::is_plain;
use crate::refactor::Refusal;
use crate::refactor::mock_integration::Response;
use crate::refactor::placement::Checks;
use crate::source::Span;
use crate::summary::{Condition, EffectId, Outcome, Path, Shape, Symbol, Test};

/// What a validator takes over.
#[derive(Clone, Debug)]
pub(super) struct Validation {
    /// Questions, and how they are answered for whatever passes.
    settled: Vec<(Test, bool)>,
    fields: Vec<String>,
    schema: Json,
    refused: Response,
    /// What has to hold of the fields, so that the schema asks what the code does.
    assumed: Vec<String>,
}

const SEVERAL: &str =
    "turns bodies down with several answers, where an API has only one for what its validators turn down";
const LATER: &str =
    "checks the body after something else, or only sometimes, where a validator always checks it first";

/// One question as a part of a schema.
enum Part {
    /// The body is an object.
    Object,
    Field(String, Option<Json>),
}

impl Validation {
    /// What can be checked before the call; `None` where the handler checks nothing that a schema can say,
    /// or not with one answer.
    ///
    /// # Errors
    /// Where a validator would ask the same, but not answer alike.
    pub(super) fn of(paths: &[&Path], call: EffectId, python: bool) -> Result<Option<Self>, Refusal> {
        let mut settled: Vec<(Test, bool)> = Vec::new();
        let mut refused: Option<(Response, Span)> = None;
        let mut assumed = Vec::new();
        let mut parts = Vec::new();
        for path in paths.iter().filter(|path| !path.effects.contains(&call)) {
            let Some(condition) = path.when.last() else { continue };
            let passes = !condition.holds;
            if settled.contains(&(condition.test.clone(), passes)) {
                continue;
            }
            let Some(part) = part(&condition.test, passes, python, &mut assumed) else { continue };
            let Some(response) = turned_down(paths, condition, call, python) else { return Ok(None) };
            if refused.as_ref().is_some_and(|(known, _)| *known != response) {
                return Err(Refusal::new(condition.span, SEVERAL));
            }
            refused = Some((response, condition.span));
            settled.push((condition.test.clone(), passes));
            parts.push(part);
        }
        let kept = refused.filter(|(refused, _)| refused.status >= 400 && refused.kind == "application/json");
        let Some((refused, at)) = kept else { return Ok(None) };
        if let Some(other) = paths.iter().find(|path| !passes_all(path, &settled, &refused, python)) {
            let span = other.when.last().map_or(at, |condition| condition.span);
            return Err(Refusal::new(span, LATER));
        }
        let fields = parts.iter().filter_map(|part| match part {
            Part::Field(name, _) => Some(name.clone()),
            Part::Object => None,
        });
        Ok(Some(Self { fields: fields.collect(), schema: schema(parts), settled, refused, assumed }))
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
        let validation = self.validation.as_ref()?;
        let (checks, assumed) = (validation.checks(&self.function.id.text), validation.assumed.clone());
        assumed.into_iter().for_each(|text| self.differs(text));
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

/// Whether a way through asks all that the validator does before anything else decides. What is answered
/// like a body that is turned down may be so earlier.
fn passes_all(path: &Path, settled: &[(Test, bool)], refused: &Response, python: bool) -> bool {
    let asks = |test: &Test, holds: bool| {
        path.when.iter().any(|condition| condition.test == *test && condition.holds == holds)
    };
    // What is no JSON, the gateway turns down itself.
    let failed = path.when.iter().any(|condition| condition.holds && condition.test == Test::Raised);
    let turned_down = settled.iter().any(|(test, passes)| asks(test, !passes));
    let alike = || match &path.outcome {
        Outcome::Returns(shape, _) => Response::of(shape, python).is_ok_and(|response| response == *refused),
        _ => false,
    };
    failed || turned_down || settled.iter().all(|(test, passes)| asks(test, *passes)) || alike()
}

/// What a schema says of a body for which a question has this answer.
fn part(test: &Test, passes: bool, python: bool, assumed: &mut Vec<String>) -> Option<Part> {
    let field = |shape: &Shape| match body_part(shape) {
        Some(BodyPart::Field(name)) => Some(name.to_owned()),
        _ => None,
    };
    let is_body = |shape: &Shape| {
        matches!(shape, Shape::Symbol(Symbol::Event(path)) if **path == ["body"])
            || matches!(body_part(shape), Some(BodyPart::Whole))
    };
    if let Some((value, says)) = bounds::of(test, passes) {
        let name = field(value)?;
        bounds::assume(&name, &says, python, assumed);
        return Some(Part::Field(name, Some(says)));
    }
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
