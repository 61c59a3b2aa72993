//! The input of a call as one JSON text, where nothing in it is known only when it is made.

use serde_json::{Map, Value as Json};

use super::attributes::Attributes;
use super::call::table;
use super::shapes::Shapes;
use super::value::Expr;
use crate::aws::direct;
use crate::graph::forwarding::Forwarding;
use crate::graph::{App, FunctionRef};
use crate::summary::{Effect, Shape};
use crate::template::{Intrinsic, SubPart, Value};

/// A text of the template.
pub(in crate::refactor) struct Fixed {
    pub json: String,
    /// It goes through `Fn::Sub`.
    pub has_references: bool,
    pub differs: Vec<String>,
}

/// The input of a call, its members by the names that the API has for them.
///
/// # Errors
/// What cannot be said, as the end of "it ...".
pub(in crate::refactor) fn input(
    app: &App<'_>,
    function: FunctionRef<'_>,
    what: &Forwarding,
    effect: &Effect,
) -> Result<Fixed, String> {
    let Shape::Object { entries, open: false } = &effect.input else {
        return Err("makes the call with an input that could not be followed".to_owned());
    };
    let event = Expr::Object(Vec::new());
    let shapes = Shapes { function, event: &event, call: what.effect };
    let mut attributes =
        Attributes { shapes, table: table(app, function, what), expression: None, differs: Vec::new() };
    let mut members = Vec::new();
    for (name, value) in entries.iter() {
        if name == "..." || direct::is_binary(&what.service, &what.operation, name) {
            return Err(format!("sets `{name}`, which a schedule cannot"));
        }
        if name.starts_with(|c: char| c.is_lowercase()) {
            return Err(format!("sets `{name}`, whose name at the scheduler is not known"));
        }
        let value = match value {
            Shape::Coded { coding, value } if coding == "marshall" => attributes.map(value)?,
            other => shapes.value(other)?,
        };
        members.push((name.clone(), value));
    }
    let differs = attributes.differs;
    written(&Expr::Object(members), differs)
}

/// A value that is sent as a text of its own.
///
/// # Errors
/// What cannot be said, as the end of "it ...".
pub(in crate::refactor) fn text(
    function: FunctionRef<'_>,
    what: &Forwarding,
    sent: &Shape,
) -> Result<Fixed, String> {
    let event = Expr::Object(Vec::new());
    let shapes = Shapes { function, event: &event, call: what.effect };
    match shapes.value(sent)? {
        Expr::JsonText(value) => written(&value, Vec::new()),
        Expr::Constant(Json::String(text)) => {
            let value: Json = serde_json::from_str(&text).map_err(|_| "sends a text that is no JSON")?;
            written(&Expr::Constant(value), Vec::new())
        }
        _ => Err("sends a text that is no JSON".to_owned()),
    }
}

fn written(value: &Expr, differs: Vec<String>) -> Result<Fixed, String> {
    let has_references = value.any(&|part| matches!(part, Expr::Template(_)));
    let json = Writer { has_references }.json(value)?.to_string();
    Ok(Fixed { json, has_references, differs })
}

struct Writer {
    has_references: bool,
}

impl Writer {
    fn json(&self, value: &Expr) -> Result<Json, String> {
        match value {
            Expr::Constant(value) if self.has_references => Ok(kept(value)),
            Expr::Constant(value) => Ok(value.clone()),
            Expr::Template(value) => reference(value).map(Json::String),
            Expr::Object(entries) => {
                let entry = |(name, value): &(String, Expr)| Ok((name.clone(), self.json(value)?));
                Ok(Json::Object(entries.iter().map(entry).collect::<Result<Map<_, _>, String>>()?))
            }
            Expr::List(items) => {
                Ok(Json::Array(items.iter().map(|item| self.json(item)).collect::<Result<_, _>>()?))
            }
            Expr::JsonText(value) => Ok(Json::String(self.json(value)?.to_string())),
            Expr::Digits(value) => match self.json(value)? {
                Json::Number(number) => Ok(Json::String(number.to_string())),
                other => Ok(other),
            },
            _ => Err("uses a value that is only known when it runs".to_owned()),
        }
    }
}

/// A constant in a text that goes through `Fn::Sub`.
fn kept(value: &Json) -> Json {
    match value {
        Json::String(text) => Json::String(text.replace("${", "${!")),
        Json::Array(items) => items.iter().map(kept).collect(),
        Json::Object(entries) => {
            Json::Object(entries.iter().map(|(name, value)| (name.clone(), kept(value))).collect())
        }
        other => other.clone(),
    }
}

/// A value of the template as `Fn::Sub` names it.
fn reference(value: &Value) -> Result<String, String> {
    let plain = match value.as_intrinsic() {
        None => value.scalar().is_some_and(|text| !text.contains("${")),
        Some(Intrinsic::Ref(_) | Intrinsic::GetAtt { .. }) => true,
        Some(Intrinsic::Sub(parts)) => !parts.iter().any(|part| matches!(part, SubPart::Variable(..))),
        Some(_) => false,
    };
    let text = value.text();
    if plain && !text.contains("${Fn::") {
        Ok(text)
    } else {
        Err("uses a value of the template that a text cannot name".to_owned())
    }
}
