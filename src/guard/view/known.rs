//! Settings as they are in one world, and what can be said of them there.

use super::Facts;
use crate::graph::{Held, answers};
use crate::source::Span;
use crate::template::{Intrinsic, Name, Template, Value};

/// The values of some settings in one world, by name.
pub(super) struct Known<'k> {
    names: &'k [&'static str],
    values: &'k [Value],
}

/// The facts that follow from some settings, for each world that tells them apart.
pub(super) fn facts_of<'v>(
    template: &'v Template,
    condition: Option<&'v Name>,
    settings: impl IntoIterator<Item = (&'static str, Option<&'v Value>)>,
    mut facts: impl FnMut(&Known<'_>) -> Facts,
) -> Vec<Held<Facts>> {
    let (names, values): (Vec<&'static str>, Vec<&Value>) =
        settings.into_iter().filter_map(|(name, value)| Some((name, value?))).unzip();
    answers(template, condition, values, |values| facts(&Known { names: &names, values }))
}

impl Known<'_> {
    /// All values of settings with this name: one, unless it was given several times.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &Value> {
        let named = self.names.iter().zip(self.values).filter(move |(known, _)| **known == name);
        named.map(|(_, value)| value)
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.all(name).next().filter(|value| !is_absent(value))
    }

    /// Whether a setting is there; `None` where that is not known.
    pub fn is_set(&self, name: &str) -> Option<bool> {
        self.get(name).map_or(Some(false), |value| has(value, &[]))
    }

    /// A whole number; `default` where the setting is not there, `None` where it is not known.
    pub fn number(&self, name: &str, default: Option<u64>) -> Option<u64> {
        self.get(name).map_or(default, |value| value.as_i64().map(i64::unsigned_abs))
    }

    pub fn span(&self, name: &str) -> Option<Span> {
        self.get(name).map(|value| value.span)
    }
}

/// Whether there is something at a path below a value; `None` where that is not known.
pub(super) fn has(value: &Value, path: &[&str]) -> Option<bool> {
    if is_absent(value) {
        return Some(false);
    }
    let is_open = matches!(value.as_intrinsic(), Some(Intrinsic::If { .. } | Intrinsic::Transform { .. }));
    if is_open || value.as_intrinsic().is_some() && !path.is_empty() {
        return None;
    }
    let Some((key, rest)) = path.split_first() else { return Some(true) };
    value.get(key).map_or(Some(false), |value| has(value, rest))
}

/// Whether a key is written anywhere below a value.
pub(super) fn mentions_key(value: &Value, keys: &[&str]) -> bool {
    let mut found = false;
    value.walk(&mut |value| {
        let entries = value.as_map();
        found |= entries.is_some_and(|map| {
            map.iter().any(|(name, value)| keys.contains(&name.text.as_str()) && !is_absent(value))
        });
    });
    found
}

fn is_absent(value: &Value) -> bool {
    value.is_null() || value.is_no_value()
}
