//! How a value is written down again: as text in the style of `Fn::Sub`, and as JSON in long form.

use serde_json::{Map as Object, Number, Value as Json, json};

use super::convert::placeholders;
use super::value::{Intrinsic, Map, SubPart, Value, ValueKind};
use crate::yaml;

impl Value {
    /// One text for the value however it was written: `${Id}` for a `Ref`, `${Id.Attribute}` for
    /// `Fn::GetAtt`, `Fn::Join` and `Fn::Sub` filled in, `${Fn::Name(argument,argument)}` for anything
    /// else. `${!Name}` of a `Fn::Sub` stays.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    /// The value with intrinsic functions in their long form.
    pub fn to_json(&self) -> Json {
        match &self.kind {
            ValueKind::Null => Json::Null,
            ValueKind::Bool(value) => Json::Bool(*value),
            ValueKind::Number(text) => number(text),
            ValueKind::String(text) => Json::String(text.clone()),
            ValueKind::List(items) => items.iter().map(Self::to_json).collect(),
            ValueKind::Map(map) => map.to_json(),
            ValueKind::Intrinsic(intrinsic) => intrinsic.to_json(),
        }
    }

    fn write(&self, out: &mut String) {
        match &self.kind {
            ValueKind::List(items) => {
                out.push('[');
                write_joined(items.iter(), ",", out);
                out.push(']');
            }
            ValueKind::Map(map) => {
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_by_key(|(name, _)| &name.text);
                out.push('{');
                for (index, (name, value)) in entries.into_iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    out.push_str(&name.text);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
            ValueKind::Intrinsic(intrinsic) => intrinsic.write(out),
            _ => out.push_str(&self.scalar().unwrap_or_default()),
        }
    }
}

impl Map {
    pub fn to_json(&self) -> Json {
        self.iter().map(|(name, value)| (name.text.clone(), value.to_json())).collect::<Object<_, _>>().into()
    }
}

impl Intrinsic {
    /// `Fn::Sub`, `Ref`, ...
    pub fn name(&self) -> &str {
        match self {
            Self::Ref(_) => "Ref",
            Self::GetAtt { .. } => "Fn::GetAtt",
            Self::Sub(_) => "Fn::Sub",
            Self::Join { .. } => "Fn::Join",
            Self::If { .. } => "Fn::If",
            Self::FindInMap { .. } => "Fn::FindInMap",
            Self::Select { .. } => "Fn::Select",
            Self::Split { .. } => "Fn::Split",
            Self::ImportValue(_) => "Fn::ImportValue",
            Self::Base64(_) => "Fn::Base64",
            Self::Length(_) => "Fn::Length",
            Self::ToJsonString(_) => "Fn::ToJsonString",
            Self::Condition(_) => "Condition",
            Self::And(_) => "Fn::And",
            Self::Or(_) => "Fn::Or",
            Self::Not(_) => "Fn::Not",
            Self::Equals(..) => "Fn::Equals",
            Self::Transform { .. } => "Fn::Transform",
            Self::Other { name, .. } => &name.text,
        }
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Ref(name) => write_parts(out, &["${", &name.text, "}"]),
            Self::Condition(name) => write_parts(out, &["${Condition:", &name.text, "}"]),
            Self::GetAtt { resource, attribute } => {
                write_parts(out, &["${", &resource.text, "."]);
                attribute.write(out);
                out.push('}');
            }
            Self::Sub(parts) => parts.iter().for_each(|part| match part {
                SubPart::Text(text) => write_escaped(text, out),
                SubPart::Ref(name) => write_parts(out, &["${", &name.text, "}"]),
                SubPart::GetAtt(name, attribute) => {
                    write_parts(out, &["${", &name.text, ".", attribute, "}"]);
                }
                SubPart::Variable(_, value) => value.write(out),
            }),
            Self::Join { delimiter, list } if list.as_list().is_some() => {
                write_joined(list.as_list().unwrap_or_default().iter(), delimiter, out);
            }
            Self::Select { index, list } => match selected(index, list) {
                Some(item) => item.write(out),
                None => self.write_call(out),
            },
            _ => self.write_call(out),
        }
    }

    fn write_call(&self, out: &mut String) {
        write_parts(out, &["${", self.name(), "("]);
        match self {
            Self::Join { delimiter, list: value } | Self::Split { delimiter, text: value } => {
                write_parts(out, &[delimiter, ","]);
                value.write(out);
            }
            Self::If { condition, then, otherwise } => {
                write_parts(out, &[&condition.text, ","]);
                write_joined([then, otherwise].into_iter(), ",", out);
            }
            Self::Transform { name, parameters } => {
                out.push_str("{Name:");
                name.write(out);
                if !parameters.is_null() {
                    out.push_str(",Parameters:");
                    parameters.write(out);
                }
                out.push('}');
            }
            Self::FindInMap { map, first, second, default } => {
                write_joined([map, first, second].into_iter(), ",", out);
                if let Some(default) = default {
                    out.push_str(",{DefaultValue:");
                    default.write(out);
                    out.push('}');
                }
            }
            _ => match self.arguments().as_slice() {
                [value] => match value.as_list() {
                    Some(items) => write_joined(items.iter(), ",", out),
                    None => value.write(out),
                },
                values => write_joined(values.iter().copied(), ",", out),
            },
        }
        out.push_str(")}");
    }

    /// `{name: argument}`.
    pub fn to_json(&self) -> Json {
        let list = |values: &[Value]| values.iter().map(Value::to_json).collect::<Json>();
        let argument = match self {
            Self::Ref(name) | Self::Condition(name) => json!(name.text),
            Self::GetAtt { resource, attribute } => json!([resource.text, attribute.to_json()]),
            Self::Sub(parts) => sub_json(parts),
            Self::Join { delimiter, list: value } | Self::Split { delimiter, text: value } => {
                json!([delimiter, value.to_json()])
            }
            Self::If { condition, then, otherwise } => {
                json!([condition.text, then.to_json(), otherwise.to_json()])
            }
            Self::FindInMap { map, first, second, default } => {
                let mut items = vec![map.to_json(), first.to_json(), second.to_json()];
                items.extend(default.as_ref().map(|value| json!({"DefaultValue": value.to_json()})));
                Json::Array(items)
            }
            Self::Select { index, list } => json!([index.to_json(), list.to_json()]),
            Self::ImportValue(value)
            | Self::Base64(value)
            | Self::Length(value)
            | Self::ToJsonString(value)
            | Self::Other { argument: value, .. } => value.to_json(),
            Self::And(values) | Self::Or(values) => list(values),
            Self::Not(value) => json!([value.to_json()]),
            Self::Equals(left, right) => json!([left.to_json(), right.to_json()]),
            Self::Transform { name, parameters } if parameters.is_null() => json!({"Name": name.to_json()}),
            Self::Transform { name, parameters } => {
                json!({"Name": name.to_json(), "Parameters": parameters.to_json()})
            }
        };
        let mut object = Object::new();
        object.insert(self.name().to_owned(), argument);
        Json::Object(object)
    }
}

/// The item an index names, where both are written out.
pub(super) fn selected<'v>(index: &Value, list: &'v Value) -> Option<&'v Value> {
    let items = list.as_list()?;
    // A conditional item may be none: which one is meant then depends on the condition.
    let sure = items.iter().all(|item| !matches!(item.as_intrinsic(), Some(Intrinsic::If { .. })));
    items.get(usize::try_from(index.as_i64()?).ok()?).filter(|_| sure)
}

/// The inverse of reading `${!Name}`.
fn write_escaped(text: &str, out: &mut String) {
    let mut at = 0;
    for place in placeholders(text) {
        write_parts(out, &[&text[at..place.start], "${!"]);
        at = place.start + 2;
    }
    out.push_str(&text[at..]);
}

fn sub_json(parts: &[SubPart]) -> Json {
    let (text, variables) = sub_template(parts);
    if variables.is_empty() { Json::String(text) } else { json!([text, variables.to_json()]) }
}

/// The two arguments `Fn::Sub` was written with.
pub(super) fn sub_template(parts: &[SubPart]) -> (String, Map) {
    let mut text = String::new();
    let mut variables = Vec::new();
    for part in parts {
        match part {
            SubPart::Text(literal) => write_escaped(literal, &mut text),
            SubPart::Ref(name) => write_parts(&mut text, &["${", &name.text, "}"]),
            SubPart::GetAtt(name, attribute) => {
                write_parts(&mut text, &["${", &name.text, ".", attribute, "}"]);
            }
            SubPart::Variable(name, value) => {
                write_parts(&mut text, &["${", &name.text, "}"]);
                variables.push((name.clone(), value.clone()));
            }
        }
    }
    (text, variables.into_iter().collect())
}

fn number(text: &str) -> Json {
    let float = || Number::from_f64(yaml::float(text)?);
    match yaml::integer(text).map(Number::from).or_else(float) {
        Some(number) => Json::Number(number),
        None => Json::String(text.to_owned()),
    }
}

fn write_joined<'v>(values: impl Iterator<Item = &'v Value>, delimiter: &str, out: &mut String) {
    for (index, value) in values.enumerate() {
        if index > 0 {
            out.push_str(delimiter);
        }
        value.write(out);
    }
}

fn write_parts(out: &mut String, parts: &[&str]) {
    parts.iter().for_each(|part| out.push_str(part));
}
