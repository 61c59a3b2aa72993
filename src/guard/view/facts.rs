//! What is known of one node: named values, each with where it is written.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::source::Span;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    values: Map<String, Json>,
    spans: BTreeMap<String, Vec<Span>>,
}

impl Facts {
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The facts with the names that are asked for.
    pub fn to_json(&self, asked: impl Fn(&str) -> bool) -> Json {
        let asked = self.values.iter().filter(|(name, _)| asked(name));
        Json::Object(asked.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// All facts as texts for messages, by name.
    pub fn texts(&self) -> impl Iterator<Item = (&str, String)> {
        self.values.iter().map(|(name, value)| {
            (name.as_str(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        })
    }

    pub fn spans(&self, name: &str) -> &[Span] {
        self.spans.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn set(&mut self, name: &str, value: impl Into<Json>) {
        self.values.insert(name.to_owned(), value.into());
    }

    /// The same, with the places that show it.
    pub(super) fn set_at(
        &mut self,
        name: &str,
        value: impl Into<Json>,
        spans: impl IntoIterator<Item = Span>,
    ) {
        self.set(name, value);
        self.spans.entry(name.to_owned()).or_default().extend(spans);
    }

    /// Adds a place to a fact.
    pub(super) fn show(&mut self, name: &str, span: Option<Span>) {
        if self.values.contains_key(name) {
            self.spans.entry(name.to_owned()).or_default().extend(span);
        }
    }

    /// The same for what may not be known.
    pub(super) fn set_known(&mut self, name: &str, value: Option<impl Into<Json>>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }
}

/// `A`, `A and B`, `A, B and 3 more`.
pub(super) fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, two, three] => format!("{one}, {two} and {three}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} more", rest.len()),
    }
}
