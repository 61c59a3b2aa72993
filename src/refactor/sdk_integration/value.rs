//! Values of a state before they are written in its language: where each comes from.

use serde_json::Value as Json;

use crate::template::Value;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    Constant(Json),
    /// A value of the template: a variable of the function's environment.
    Template(Value),
    /// A part of the state's input.
    Input(Vec<String>),
    /// A part of the context object.
    Context(Vec<String>),
    /// A part of the call's answer.
    Answer(Vec<String>),
    /// Written in the language of the state.
    Written(String),
    Object(Vec<(String, Expr)>),
    List(Vec<Expr>),
    /// The JSON text of a value.
    JsonText(Box<Expr>),
    /// The digits of a number, as DynamoDB takes it.
    Digits(Box<Expr>),
    /// A new id.
    RandomId,
}

impl Expr {
    /// The part at a path; `None` where it cannot be reached.
    pub(super) fn part(&self, path: &[String]) -> Option<Self> {
        let Some((first, rest)) = path.split_first() else { return Some(self.clone()) };
        let longer = |known: &[String]| known.iter().chain(path).cloned().collect();
        match self {
            Self::Input(known) => Some(Self::Input(longer(known))),
            Self::Context(known) => Some(Self::Context(longer(known))),
            Self::Answer(known) => Some(Self::Answer(longer(known))),
            Self::Object(entries) => {
                entries.iter().find(|(name, _)| name == first).and_then(|(_, value)| value.part(rest))
            }
            Self::List(items) => items.get(first.parse::<usize>().ok()?)?.part(rest),
            Self::Constant(Json::Object(entries)) => Self::Constant(entries.get(first)?.clone()).part(rest),
            _ => None,
        }
    }

    /// Whether any part of it is what `asked` looks for.
    pub(super) fn any(&self, asked: &dyn Fn(&Self) -> bool) -> bool {
        asked(self)
            || match self {
                Self::Object(entries) => entries.iter().any(|(_, value)| value.any(asked)),
                Self::List(items) => items.iter().any(|item| item.any(asked)),
                Self::JsonText(value) | Self::Digits(value) => value.any(asked),
                _ => false,
            }
    }

    /// Whether it is a text, wherever it comes from.
    pub(super) fn is_text(&self) -> bool {
        match self {
            Self::Constant(value) => value.is_string(),
            Self::Template(_) | Self::JsonText(_) | Self::RandomId => true,
            Self::Written(text) => {
                let call = text.trim();
                [
                    "States.UUID(",
                    "States.Format(",
                    "States.JsonToString(",
                    "States.Base64Encode(",
                    "States.Hash(",
                ]
                .iter()
                .any(|function| call.starts_with(function))
            }
            Self::Context(path) => {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                matches!(
                    path.as_slice(),
                    ["Execution", "Id" | "Name" | "StartTime" | "RoleArn"]
                        | ["State", "Name" | "EnteredTime"]
                        | ["StateMachine", "Id" | "Name"]
                )
            }
            _ => false,
        }
    }
}
