//! Values of templates, with intrinsic functions kept symbolic.
//!
//! Short tags and long forms (`!Sub x`, `Fn::Sub: x`) are one thing here. A value knows the bytes it
//! was written at, wherever it came from: Globals, an included file, a loop body.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::source::Span;
use crate::yaml;

#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    pub span: Span,
    pub kind: ValueKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    String(String),
    List(Vec<Value>),
    Map(Map),
    Intrinsic(Box<Intrinsic>),
}

/// A mapping in the order it was written; keys are unique.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    pub entries: Vec<(Name, Value)>,
}

/// A text with its place: a key, a logical id, the name of a condition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    pub text: String,
    pub span: Span,
}

/// An intrinsic function, or a reference.
#[derive(Clone, Debug, PartialEq)]
pub enum Intrinsic {
    Ref(Name),
    GetAtt {
        resource: Name,
        attribute: Value,
    },
    Sub(Vec<SubPart>),
    Join {
        delimiter: String,
        list: Value,
    },
    If {
        condition: Name,
        then: Value,
        otherwise: Value,
    },
    FindInMap {
        map: Value,
        first: Value,
        second: Value,
        default: Option<Value>,
    },
    Select {
        index: Value,
        list: Value,
    },
    Split {
        delimiter: String,
        text: Value,
    },
    ImportValue(Value),
    Base64(Value),
    Length(Value),
    ToJsonString(Value),
    /// `Condition: Name` where a condition is expected.
    Condition(Name),
    And(Vec<Value>),
    Or(Vec<Value>),
    Not(Value),
    Equals(Value, Value),
    /// A macro that is not expanded here.
    Transform {
        name: Value,
        parameters: Value,
    },
    /// `Fn::GetAZs`, `Fn::Cidr`, and anything new or malformed: its long name and argument.
    Other {
        name: Name,
        argument: Value,
    },
}

/// A piece of `Fn::Sub`.
#[derive(Clone, Debug, PartialEq)]
pub enum SubPart {
    Text(String),
    /// `${Name}`: a parameter, a resource, a pseudo parameter.
    Ref(Name),
    /// `${Name.Attribute}`.
    GetAtt(Name, String),
    /// `${Name}` of the second argument.
    Variable(Name, Value),
}

impl Map {
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entry(key).map(|(_, value)| value)
    }

    pub fn entry(&self, key: &str) -> Option<&(Name, Value)> {
        self.entries.iter().find(|(name, _)| name.text == key)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Name, &Value)> {
        self.entries.iter().map(|(name, value)| (name, value))
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl FromIterator<(Name, Value)> for Map {
    /// Of entries with one key the last, at the place of the first.
    fn from_iter<I: IntoIterator<Item = (Name, Value)>>(entries: I) -> Self {
        let entries: Vec<(Name, Value)> = entries.into_iter().collect();
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        let mut kept: Vec<usize> = Vec::with_capacity(entries.len());
        for (index, (name, _)) in entries.iter().enumerate() {
            let place = *places.entry(&name.text).or_insert(kept.len());
            if place == kept.len() { kept.push(index) } else { kept[place] = index }
        }
        if kept.len() == entries.len() {
            return Self { entries };
        }
        let mut entries: Vec<Option<(Name, Value)>> = entries.into_iter().map(Some).collect();
        Self { entries: kept.into_iter().filter_map(|index| entries[index].take()).collect() }
    }
}

impl Value {
    pub fn null(span: Span) -> Self {
        Self { span, kind: ValueKind::Null }
    }

    pub fn string(text: impl Into<String>, span: Span) -> Self {
        Self { span, kind: ValueKind::String(text.into()) }
    }

    pub fn list(items: Vec<Self>, span: Span) -> Self {
        Self { span, kind: ValueKind::List(items) }
    }

    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            ValueKind::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_map(&self) -> Option<&Map> {
        match &self.kind {
            ValueKind::Map(map) => Some(map),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Self]> {
        match &self.kind {
            ValueKind::List(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_intrinsic(&self) -> Option<&Intrinsic> {
        match &self.kind {
            ValueKind::Intrinsic(intrinsic) => Some(intrinsic),
            _ => None,
        }
    }

    /// The text of a string, number or boolean, as CloudFormation passes it on: `0x1F` is `31`.
    pub fn scalar(&self) -> Option<Cow<'_, str>> {
        match &self.kind {
            ValueKind::String(text) => Some(Cow::Borrowed(text)),
            ValueKind::Number(text) => Some(number(text)),
            ValueKind::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
            _ => None,
        }
    }

    /// A whole number, also where it is written as a string: `30`, `"30"`, `3.0`.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.kind {
            ValueKind::Number(text) => integer(text),
            ValueKind::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    pub fn as_f64(&self) -> Option<f64> {
        match &self.kind {
            ValueKind::Number(text) => yaml::float(text),
            ValueKind::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// A boolean, also where it is written as a string: `true`, `"True"`.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.kind {
            ValueKind::Bool(value) => Some(*value),
            ValueKind::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            ValueKind::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        self.kind == ValueKind::Null
    }

    /// `self[key]` of a mapping.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.get(key)
    }

    /// `self[first][second]...`.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// `true` for `Ref: AWS::NoValue`.
    pub fn is_no_value(&self) -> bool {
        matches!(self.as_intrinsic(), Some(Intrinsic::Ref(name)) if name.text == "AWS::NoValue")
    }

    /// Whether no intrinsic function is inside.
    pub fn is_literal(&self) -> bool {
        let mut literal = true;
        self.walk(&mut |value| literal &= value.as_intrinsic().is_none());
        literal
    }

    /// How many values this one holds, itself included.
    pub(super) fn size(&self) -> usize {
        let mut size = 0;
        self.walk(&mut |_| size += 1);
        size
    }

    /// Equal apart from the places.
    pub fn same(&self, other: &Self) -> bool {
        self.to_json() == other.to_json()
    }

    /// Calls `visit` with this value and every value inside, in the order of the text; the arguments
    /// of intrinsics count as inside.
    pub fn walk<'v>(&'v self, visit: &mut impl FnMut(&'v Self)) {
        visit(self);
        match &self.kind {
            ValueKind::List(items) => items.iter().for_each(|item| item.walk(visit)),
            ValueKind::Map(map) => map.iter().for_each(|(_, value)| value.walk(visit)),
            ValueKind::Intrinsic(intrinsic) => {
                intrinsic.arguments().into_iter().for_each(|argument| argument.walk(visit));
            }
            _ => {}
        }
    }

    /// Every reference inside, in the order of the text.
    pub fn mentions(&self) -> Vec<Mention> {
        let mut mentions = Vec::new();
        self.walk(&mut |value| {
            if let Some(intrinsic) = value.as_intrinsic() {
                intrinsic.mentions(&mut mentions);
            }
        });
        mentions
    }

    /// What the value can be: the branches of `Fn::If`, each with the conditions that lead there.
    /// `AWS::NoValue` is no branch.
    pub fn branches(&self) -> Vec<Branch<'_>> {
        let mut branches = Vec::new();
        self.collect(&mut Vec::new(), false, &mut branches);
        branches
    }

    /// The same for a list: its items, with every `Fn::If` around the list or around an item taken
    /// apart. What is no list is its own only item, as in policies.
    pub fn items(&self) -> Vec<Branch<'_>> {
        let mut items = Vec::new();
        self.collect(&mut Vec::new(), true, &mut items);
        items
    }

    fn collect<'v>(&'v self, when: &mut Vec<(Name, bool)>, lists: bool, found: &mut Vec<Branch<'v>>) {
        match &self.kind {
            ValueKind::Intrinsic(intrinsic) => match &**intrinsic {
                Intrinsic::If { condition, then, otherwise } => {
                    for (branch, holds) in [(then, true), (otherwise, false)] {
                        // Of `If A` inside `If A` only one branch can be.
                        match when.iter().find(|(name, _)| name.text == condition.text) {
                            Some((_, known)) if *known != holds => {}
                            Some(_) => branch.collect(when, lists, found),
                            None => {
                                when.push((condition.clone(), holds));
                                branch.collect(when, lists, found);
                                when.pop();
                            }
                        }
                    }
                }
                _ if self.is_no_value() => {}
                _ => found.push((self, when.clone())),
            },
            ValueKind::List(items) if lists => {
                items.iter().for_each(|item| item.collect(when, lists, found));
            }
            _ => found.push((self, when.clone())),
        }
    }
}

/// A value and what must hold for it: names of conditions, and whether they are true.
pub type Branch<'v> = (&'v Value, Vec<(Name, bool)>);

/// A name that a value speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    pub name: Name,
    /// `Arn` of `!GetAtt Queue.Arn`, where it is known.
    pub attribute: Option<String>,
    pub kind: MentionKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MentionKind {
    /// `Ref`, or `${Name}`: a parameter, a resource, a pseudo parameter.
    Ref,
    /// `Fn::GetAtt`, or `${Name.Attribute}`.
    GetAtt,
    /// The name of a condition.
    Condition,
}

impl Intrinsic {
    /// The values inside, in the order of the long form.
    pub fn arguments(&self) -> Vec<&Value> {
        match self {
            Self::Ref(_) | Self::Condition(_) => Vec::new(),
            Self::GetAtt { attribute, .. } => vec![attribute],
            Self::Sub(parts) => parts
                .iter()
                .filter_map(|part| match part {
                    SubPart::Variable(_, value) => Some(value),
                    _ => None,
                })
                .collect(),
            Self::Join { list, .. } => vec![list],
            Self::If { then, otherwise, .. } => vec![then, otherwise],
            Self::FindInMap { map, first, second, default } => {
                [map, first, second].into_iter().chain(default).collect()
            }
            Self::Select { index, list } => vec![index, list],
            Self::Split { text, .. } => vec![text],
            Self::ImportValue(value)
            | Self::Base64(value)
            | Self::Length(value)
            | Self::ToJsonString(value)
            | Self::Not(value) => vec![value],
            Self::And(values) | Self::Or(values) => values.iter().collect(),
            Self::Equals(left, right) => vec![left, right],
            Self::Transform { name, parameters } => vec![name, parameters],
            Self::Other { argument, .. } => vec![argument],
        }
    }

    /// The same function with every argument replaced by what `change` makes of it.
    pub(super) fn map(&self, change: &mut impl FnMut(&Value) -> Value) -> Self {
        match self {
            Self::Ref(name) => Self::Ref(name.clone()),
            Self::Condition(name) => Self::Condition(name.clone()),
            Self::GetAtt { resource, attribute } => {
                Self::GetAtt { resource: resource.clone(), attribute: change(attribute) }
            }
            Self::Sub(parts) => Self::Sub(
                parts
                    .iter()
                    .map(|part| match part {
                        SubPart::Variable(name, value) => SubPart::Variable(name.clone(), change(value)),
                        other => other.clone(),
                    })
                    .collect(),
            ),
            Self::Join { delimiter, list } => Self::Join { delimiter: delimiter.clone(), list: change(list) },
            Self::If { condition, then, otherwise } => {
                let (then, otherwise) = (change(then), change(otherwise));
                Self::If { condition: condition.clone(), then, otherwise }
            }
            Self::FindInMap { map, first, second, default } => {
                let (map, first, second) = (change(map), change(first), change(second));
                Self::FindInMap { map, first, second, default: default.as_ref().map(change) }
            }
            Self::Select { index, list } => {
                let (index, list) = (change(index), change(list));
                Self::Select { index, list }
            }
            Self::Split { delimiter, text } => {
                Self::Split { delimiter: delimiter.clone(), text: change(text) }
            }
            Self::ImportValue(value) => Self::ImportValue(change(value)),
            Self::Base64(value) => Self::Base64(change(value)),
            Self::Length(value) => Self::Length(change(value)),
            Self::ToJsonString(value) => Self::ToJsonString(change(value)),
            Self::And(values) => Self::And(values.iter().map(change).collect()),
            Self::Or(values) => Self::Or(values.iter().map(change).collect()),
            Self::Not(value) => Self::Not(change(value)),
            Self::Equals(left, right) => Self::Equals(change(left), change(right)),
            Self::Transform { name, parameters } => {
                let (name, parameters) = (change(name), change(parameters));
                Self::Transform { name, parameters }
            }
            Self::Other { name, argument } => Self::Other { name: name.clone(), argument: change(argument) },
        }
    }

    fn mentions(&self, found: &mut Vec<Mention>) {
        let mut add = |name: &Name, attribute: Option<String>, kind| {
            found.push(Mention { name: name.clone(), attribute, kind });
        };
        match self {
            Self::Ref(name) => add(name, None, MentionKind::Ref),
            Self::GetAtt { resource, attribute } => {
                add(resource, attribute.as_str().map(str::to_owned), MentionKind::GetAtt);
            }
            Self::Sub(parts) => {
                for part in parts {
                    match part {
                        SubPart::Ref(name) => add(name, None, MentionKind::Ref),
                        SubPart::GetAtt(name, attribute) => {
                            add(name, Some(attribute.clone()), MentionKind::GetAtt);
                        }
                        SubPart::Text(_) | SubPart::Variable(..) => {}
                    }
                }
            }
            Self::If { condition, .. } | Self::Condition(condition) => {
                add(condition, None, MentionKind::Condition);
            }
            _ => {}
        }
    }
}

fn integer(text: &str) -> Option<i64> {
    yaml::integer(text).or_else(|| {
        let float = yaml::float(text)?;
        #[expect(clippy::cast_possible_truncation, reason = "whole and small enough to be exact")]
        (float.fract() == 0.0 && float.abs() < 9.0e15).then_some(float as i64)
    })
}

fn number(text: &str) -> Cow<'_, str> {
    match integer(text) {
        Some(integer) if integer.to_string() != text => Cow::Owned(integer.to_string()),
        _ => Cow::Borrowed(text),
    }
}
