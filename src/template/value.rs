//! Values of templates, with intrinsic functions kept symbolic.
//!
//! Short tags and long forms (`!Sub x`, `Fn::Sub: x`) are one thing here. A value knows the bytes it
//! was written at, wherever it came from: Globals, an included file, a loop body.

use crate::source::Span;

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
    GetAtt { resource: Name, attribute: Value },
    Sub(Vec<SubPart>),
    Join { delimiter: String, list: Value },
    If { condition: Name, then: Value, otherwise: Value },
    FindInMap { map: Value, first: Value, second: Value, default: Option<Value> },
    Select { index: Value, list: Value },
    Split { delimiter: String, text: Value },
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
    Transform { name: Value, parameters: Value },
    /// `Fn::GetAZs`, `Fn::Cidr`, and anything new or malformed: its long name and argument.
    Other { name: Name, argument: Value },
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
}

impl Value {
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

    pub fn as_list(&self) -> Option<&[Value]> {
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

    /// `self[key]` of a mapping.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key)
    }

    /// `self[first][second]...`.
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// `true` for `Ref: AWS::NoValue`.
    pub fn is_no_value(&self) -> bool {
        matches!(self.as_intrinsic(), Some(Intrinsic::Ref(name)) if name.text == "AWS::NoValue")
    }
}
