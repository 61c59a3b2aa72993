//! Texts of a template, each with the place it is written at.

use crate::template::{Intrinsic, Resource, Template, Value, ValueKind};

/// A text in `Fn::Sub` style.
pub struct Literal {
    pub text: String,
    pub span: crate::source::Span,
    /// Logical id of the resource it belongs to, if any.
    pub resource: Option<String>,
}

/// Texts of resources, Globals and outputs. Mappings, parameters and metadata are where values that
/// differ belong, and are left out.
pub fn literals(template: &Template) -> Vec<Literal> {
    let mut found = Vec::new();
    for resource in &template.resources {
        let own = of_resource(resource);
        own.for_each(|value| collect(value, Some(&resource.id.text), &mut found));
    }
    template.globals.iter().for_each(|value| collect(value, None, &mut found));
    template
        .outputs
        .iter()
        .filter_map(|output| output.value.as_ref())
        .for_each(|value| collect(value, None, &mut found));
    found
}

fn of_resource(resource: &Resource) -> impl Iterator<Item = &Value> {
    let descriptions =
        ["Description", "AlarmDescription", "Comment", "DefinitionBody", "Definition", "DefinitionString"];
    resource
        .own_properties
        .iter()
        .filter(move |(name, _)| !descriptions.contains(&name.text.as_str()))
        .map(|(_, value)| value)
}

fn collect(value: &Value, resource: Option<&String>, found: &mut Vec<Literal>) {
    let mut add = |text: String| found.push(Literal { text, span: value.span, resource: resource.cloned() });
    match &value.kind {
        ValueKind::String(text) => add(text.clone()),
        ValueKind::Number(text) => add(text.clone()),
        ValueKind::List(items) => items.iter().for_each(|item| collect(item, resource, found)),
        ValueKind::Map(map) => map.iter().for_each(|(_, value)| collect(value, resource, found)),
        ValueKind::Intrinsic(intrinsic) => match &**intrinsic {
            Intrinsic::Sub(_) | Intrinsic::Join { .. } => add(value.text()),
            Intrinsic::Equals(..) => {}
            _ => intrinsic.arguments().into_iter().for_each(|argument| collect(argument, resource, found)),
        },
        ValueKind::Null | ValueKind::Bool(_) => {}
    }
}
