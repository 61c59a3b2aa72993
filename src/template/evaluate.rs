//! What a value is in one world: intrinsic functions replaced by their results where these are known.

use super::text::selected;
use super::value::{Intrinsic, Map, Name, SubPart, Value, ValueKind};
use super::worlds::World;
use super::{Parameter, Template};
use crate::source::Span;

/// Longer results stay functions: texts made of texts must not fill the memory. CloudFormation takes
/// parameters of 4,096 bytes.
const MAX_TEXT: usize = 64 << 10;
const MAX_ITEMS: usize = 4096;

impl Value {
    /// The value in `world`: `Ref` of a known parameter, `Fn::If` of a known condition,
    /// `Fn::FindInMap`, `Fn::Select`, `Fn::Split`, `Fn::Join`, `Fn::Sub`, `Fn::Length`,
    /// `Fn::ToJsonString` and the functions of conditions are replaced by their results;
    /// `AWS::NoValue` disappears from lists and maps. What is unknown stays as it is; so do pseudo
    /// parameters.
    ///
    /// Results have the place where they are written: a default, an entry of a mapping.
    #[must_use]
    pub fn evaluate(&self, world: &World, template: &Template) -> Self {
        Scope { world, parameters: &template.parameters, mappings: &template.mappings }.evaluate(self)
    }
}

/// All that values may depend on.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) world: &'a World,
    pub(super) parameters: &'a [Parameter],
    pub(super) mappings: &'a Map,
}

impl Scope<'_> {
    pub(super) fn evaluate(&self, value: &Value) -> Value {
        let kind = match &value.kind {
            ValueKind::List(items) => ValueKind::List(self.items(items)),
            ValueKind::Map(map) => {
                let entries = map.iter().map(|(key, value)| (key.clone(), self.evaluate(value)));
                ValueKind::Map(Map { entries: entries.filter(|(_, value)| !value.is_no_value()).collect() })
            }
            ValueKind::Intrinsic(intrinsic) => return self.intrinsic(intrinsic, value.span),
            scalar => scalar.clone(),
        };
        Value { span: value.span, kind }
    }

    /// Whether a condition holds: its name in the world, or a function of conditions.
    pub(super) fn holds(&self, condition: &Value) -> Option<bool> {
        self.evaluate(condition).as_bool()
    }

    fn items(&self, items: &[Value]) -> Vec<Value> {
        items.iter().map(|item| self.evaluate(item)).filter(|item| !item.is_no_value()).collect()
    }

    fn intrinsic(&self, intrinsic: &Intrinsic, span: Span) -> Value {
        match intrinsic {
            Intrinsic::If { condition, then, otherwise } => match self.world.holds(&condition.text) {
                Some(true) => return self.evaluate(then),
                Some(false) => return self.evaluate(otherwise),
                None => {}
            },
            Intrinsic::And(parts) => return self.connective(intrinsic, parts, false, span),
            Intrinsic::Or(parts) => return self.connective(intrinsic, parts, true, span),
            _ => {}
        }
        let evaluated = intrinsic.map(&mut |argument| self.evaluate(argument));
        self.result(&evaluated, span)
            .unwrap_or_else(|| Value { span, kind: ValueKind::Intrinsic(Box::new(evaluated)) })
    }

    /// `Fn::And`, `Fn::Or`: one part that reads `decisive` settles it.
    fn connective(&self, intrinsic: &Intrinsic, parts: &[Value], decisive: bool, span: Span) -> Value {
        let parts: Vec<_> = parts.iter().map(|part| self.evaluate(part)).collect();
        let known: Vec<_> = parts.iter().map(Value::as_bool).collect();
        let kind = if known.contains(&Some(decisive)) {
            ValueKind::Bool(decisive)
        } else if known.iter().all(Option::is_some) {
            ValueKind::Bool(!decisive)
        } else {
            ValueKind::Intrinsic(Box::new(match intrinsic {
                Intrinsic::And(_) => Intrinsic::And(parts),
                _ => Intrinsic::Or(parts),
            }))
        };
        Value { span, kind }
    }

    /// The result of a function whose arguments are evaluated already.
    fn result(&self, intrinsic: &Intrinsic, span: Span) -> Option<Value> {
        let boolean = |value: bool| Value { span, kind: ValueKind::Bool(value) };
        match intrinsic {
            Intrinsic::Ref(name) => self.parameter(name),
            Intrinsic::Sub(parts) => self.sub(parts, span),
            Intrinsic::Join { delimiter, list } => join(delimiter, list, span),
            Intrinsic::FindInMap { map, first, second, default } => {
                self.find(map, first, second, default.as_ref())
            }
            Intrinsic::Select { index, list } => selected(index, list).cloned(),
            Intrinsic::Split { delimiter, text } => split(delimiter, text),
            Intrinsic::Length(list) => {
                let items = list.as_list().filter(|items| items.iter().all(|item| !is_conditional(item)))?;
                Some(Value { span, kind: ValueKind::Number(items.len().to_string()) })
            }
            Intrinsic::ToJsonString(value) if value.is_literal() => Some(value.to_json().to_string())
                .filter(|text| text.len() <= MAX_TEXT)
                .map(|text| Value::string(text, span)),
            Intrinsic::Condition(name) => self.world.holds(&name.text).map(boolean),
            Intrinsic::Not(value) => value.as_bool().map(|value| boolean(!value)),
            Intrinsic::Equals(left, right) => self.equal(left, right).map(boolean),
            _ => None,
        }
    }

    fn parameter(&self, name: &Name) -> Option<Value> {
        // Regions and accounts may tell conditions apart, but a value that names one keeps the name.
        let parameter = self.parameters.iter().find(|parameter| parameter.name.text == name.text)?;
        let value = self.world.parameters.get(&name.text)?;
        if !is_small(value) {
            return None;
        }
        match value.scalar() {
            Some(text) if parameter.is_list() => {
                let trimmed = Value::string(text.into_owned(), value.span);
                let items = split(",", &trimmed)?;
                let items = items.as_list()?.iter();
                let items =
                    items.map(|item| Value::string(item.as_str().unwrap_or_default().trim(), item.span));
                Some(Value::list(items.collect(), value.span))
            }
            _ => Some(value.clone()),
        }
    }

    fn sub(&self, parts: &[SubPart], span: Span) -> Option<Value> {
        let mut resolved: Vec<SubPart> = Vec::new();
        let mut length = 0;
        for part in parts {
            let text = match part {
                SubPart::Text(text) => Some(text.clone()),
                SubPart::Ref(name) => {
                    self.parameter(name).and_then(|value| Some(value.scalar()?.into_owned()))
                }
                SubPart::Variable(_, value) => value.scalar().map(|text| text.into_owned()),
                SubPart::GetAtt(..) => None,
            };
            length += text.as_ref().map_or(0, String::len);
            match (text, resolved.last_mut()) {
                (Some(text), Some(SubPart::Text(last))) => last.push_str(&text),
                (Some(text), _) => resolved.push(SubPart::Text(text)),
                // A text that is itself made of names becomes part of this one.
                (None, _) => match variable(part) {
                    Some(inner) => resolved.extend(inner),
                    None => resolved.push(part.clone()),
                },
            }
            if length > MAX_TEXT {
                return None;
            }
        }
        match resolved.as_slice() {
            [] => Some(Value::string("", span)),
            [SubPart::Text(text)] => Some(Value::string(text.clone(), span)),
            _ if resolved.as_slice() == parts => None,
            _ => Some(Value { span, kind: ValueKind::Intrinsic(Box::new(Intrinsic::Sub(resolved))) }),
        }
    }

    fn find(&self, map: &Value, first: &Value, second: &Value, default: Option<&Value>) -> Option<Value> {
        let keys = [map.scalar()?, first.scalar()?, second.scalar()?];
        let mut found = self.mappings.get(&keys[0]);
        for key in &keys[1..] {
            found = found.and_then(|value| value.get(key));
        }
        found.or(default).filter(|value| is_small(value)).cloned()
    }

    fn equal(&self, left: &Value, right: &Value) -> Option<bool> {
        if left.is_literal() && right.is_literal() {
            return Some(left.text() == right.text());
        }
        if left.same(right) {
            return Some(true);
        }
        let (name, literal) = compared(left, right)?;
        self.world.reads(name, literal)
    }
}

/// The name and the text of a comparison of the two.
pub(super) fn compared<'v>(left: &'v Value, right: &'v Value) -> Option<(&'v str, &'v Value)> {
    let name = |value: &'v Value| match value.as_intrinsic()? {
        Intrinsic::Ref(name) => Some(name.text.as_str()),
        Intrinsic::Sub(parts) => match parts.as_slice() {
            [SubPart::Ref(name)] => Some(name.text.as_str()),
            _ => None,
        },
        _ => None,
    };
    let literal = |value: &'v Value| value.scalar().is_some().then_some(value);
    name(left).zip(literal(right)).or_else(|| name(right).zip(literal(left)))
}

/// The parts of a variable that stands for a name or for another `Fn::Sub`.
fn variable(part: &SubPart) -> Option<Vec<SubPart>> {
    let SubPart::Variable(_, value) = part else { return None };
    match value.as_intrinsic()? {
        Intrinsic::Ref(name) => Some(vec![SubPart::Ref(name.clone())]),
        Intrinsic::GetAtt { resource, attribute } => {
            Some(vec![SubPart::GetAtt(resource.clone(), attribute.as_str()?.to_owned())])
        }
        Intrinsic::Sub(parts) => Some(parts.clone()),
        _ => None,
    }
}

fn join(delimiter: &str, list: &Value, span: Span) -> Option<Value> {
    let texts = list.as_list()?.iter().map(Value::scalar).collect::<Option<Vec<_>>>()?;
    let length = texts.iter().map(|text| text.len() + delimiter.len()).sum::<usize>();
    (length <= MAX_TEXT).then(|| Value::string(texts.join(delimiter), span))
}

fn split(delimiter: &str, text: &Value) -> Option<Value> {
    let whole = text.scalar().filter(|text| text.len() <= MAX_TEXT)?;
    if delimiter.is_empty() {
        return None;
    }
    let items = whole.split(delimiter).map(|item| Value::string(item, text.span));
    Some(Value::list(items.collect(), text.span))
}

fn is_conditional(value: &Value) -> bool {
    matches!(value.as_intrinsic(), Some(Intrinsic::If { .. }))
}

fn is_small(value: &Value) -> bool {
    let mut items = 0;
    let mut bytes = 0;
    value.walk(&mut |part| {
        items += 1;
        bytes += part.as_str().map_or(0, str::len);
    });
    items <= MAX_ITEMS && bytes <= MAX_TEXT
}
