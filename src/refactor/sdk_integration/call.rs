//! The arguments of the call, from the input of the handler's.

use super::attributes::Attributes;
use super::shapes::Shapes;
use super::value::Expr;
use crate::aws::direct;
use crate::graph::forwarding::Forwarding;
use crate::graph::{App, FunctionRef, Reference, Table};
use crate::summary::{Effect, Shape, Symbol};

/// The call as a state makes it.
pub(super) struct Arguments {
    pub members: Expr,
    pub differs: Vec<String>,
}

/// # Errors
/// What cannot be said in a state, as the end of "it ...".
pub(super) fn arguments(
    app: &App<'_>,
    shapes: Shapes<'_>,
    what: &Forwarding,
    effect: &Effect,
) -> Result<Arguments, String> {
    let Shape::Object { entries, open: false } = &effect.input else {
        return Err("makes the call with an input that could not be followed".to_owned());
    };
    let text = |name: &str| {
        let (_, value) = entries.iter().find(|(known, _)| known == name)?;
        match value {
            Shape::Symbol(Symbol::Name(text)) => Some(text.clone()),
            _ => None,
        }
    };
    let expressions =
        ["UpdateExpression", "ConditionExpression", "KeyConditionExpression", "FilterExpression"];
    let expression: Vec<String> = expressions.iter().filter_map(|name| text(name)).collect();
    let mut attributes = Attributes {
        shapes,
        table: table(app, shapes.function, what),
        expression: (!expression.is_empty()).then(|| expression.join(" , ")),
        differs: Vec::new(),
    };
    let carry = Carry { what };
    let mut members = Vec::new();
    for (name, value) in entries.iter() {
        if name == "..." || direct::is_binary(&what.service, &what.operation, name) {
            return Err(format!("sets `{name}`, which a state cannot"));
        }
        let written = match value {
            Shape::Coded { coding, value } if coding == "marshall" => attributes.map(value)?,
            other => carry.value(name, shapes.value(other)?)?,
        };
        members.push((capital(name), written));
    }
    // What it acts on comes first, as people write it.
    members.sort_by_key(|(_, value)| !matches!(value, Expr::Template(_)));
    let mut differs = attributes.differs;
    differs.extend(json_layout(shapes.function, &effect.input));
    differs.sort();
    differs.dedup();
    Ok(Arguments { members: Expr::Object(members), differs })
}

/// `StateMachineArn` for `stateMachineArn`: states spell all members with a capital.
pub(super) fn capital(name: &str) -> String {
    let mut name = name.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    name
}

struct Carry<'c> {
    what: &'c Forwarding,
}

impl Carry<'_> {
    fn value(&self, name: &str, value: Expr) -> Result<Expr, String> {
        match value {
            Expr::JsonText(inner) if direct::takes_object(&self.what.service, &self.what.operation, name) => {
                match *inner {
                    inner @ Expr::Object(_) => Ok(inner),
                    inner if direct::wants_object(&self.what.service, &self.what.operation, name) => {
                        Ok(inner)
                    }
                    inner => Ok(Expr::JsonText(Box::new(inner))),
                }
            }
            Expr::Object(entries) => {
                let spelled = entries.iter().all(|(name, _)| !name.starts_with(|c: char| c.is_lowercase()));
                if !spelled && !direct::is_map(name) {
                    return Err(format!("sets parts of `{name}` whose names in a state are not known"));
                }
                let entry = |(name, value): (String, Expr)| {
                    let value = self.value(&name, value)?;
                    Ok((name, value))
                };
                Ok(Expr::Object(entries.into_iter().map(entry).collect::<Result<_, String>>()?))
            }
            Expr::List(items) => {
                let items: Result<Vec<Expr>, String> =
                    items.into_iter().map(|item| self.value(name, item)).collect();
                Ok(Expr::List(items?))
            }
            other => Ok(other),
        }
    }
}

/// Python writes JSON with spaces, states without.
fn json_layout(function: FunctionRef<'_>, input: &Shape) -> Option<String> {
    let is_python = function.behaviour.file.as_deref().is_some_and(|file| file.ends_with(".py"));
    (is_python && has_json(input)).then(|| "JSON texts have no spaces behind `:` and `,`".to_owned())
}

fn has_json(shape: &Shape) -> bool {
    match shape {
        Shape::Json(_) => true,
        Shape::Object { entries, .. } => entries.iter().any(|(_, value)| has_json(value)),
        Shape::List(items) => items.iter().any(has_json),
        _ => false,
    }
}

pub(super) fn table<'a>(app: &'a App<'_>, function: FunctionRef<'_>, what: &Forwarding) -> Option<&'a Table> {
    let Some(Reference::Resource(id)) = &what.target else { return None };
    app.graph.tables.iter().find(|table| table.template == function.template && table.id.text == *id)
}
