//! Whether events that a call puts on a bus meet the pattern of a rule.

use crate::summary::{Shape, Symbol};
use crate::template::{Map, Value};

/// Whether one of the entries of `PutEvents` surely meets a pattern, or surely none does; `None` where that
/// is not known. Patterns that ask for more than who sent the event and what it is called may be met.
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html>
pub fn meets(input: &Shape, pattern: &Value) -> Option<bool> {
    let asked = pattern.as_map()?;
    let Shape::List(entries) = member(input, "Entries")? else { return None };
    let met: Vec<Option<bool>> = entries.iter().map(|entry| meets_all(entry, asked)).collect();
    if met.contains(&Some(true)) {
        return Some(true);
    }
    met.iter().all(|met| *met == Some(false)).then_some(false)
}

/// All questions of a pattern must be answered with yes.
fn meets_all(entry: &Shape, asked: &Map) -> Option<bool> {
    let answers: Vec<Option<bool>> = asked
        .iter()
        .map(|(key, wanted)| match key.text.as_str() {
            "source" => is_one_of(member(entry, "Source")?, wanted),
            "detail-type" => is_one_of(member(entry, "DetailType")?, wanted),
            _ => None,
        })
        .collect();
    if answers.contains(&Some(false)) {
        return Some(false);
    }
    answers.into_iter().all(|answer| answer == Some(true)).then_some(true)
}

fn is_one_of(given: &Shape, wanted: &Value) -> Option<bool> {
    let Shape::Symbol(Symbol::Name(given)) = given else { return None };
    let fits = |wanted: &Value| match wanted.as_str() {
        Some(text) => Some(text == given),
        None => Some(given.starts_with(wanted.get("prefix")?.as_str()?)),
    };
    let fits: Vec<Option<bool>> = wanted.as_list()?.iter().map(fits).collect();
    if fits.contains(&Some(true)) {
        return Some(true);
    }
    fits.iter().all(|fits| *fits == Some(false)).then_some(false)
}

fn member<'a>(of: &'a Shape, name: &str) -> Option<&'a Shape> {
    let Shape::Object { entries, .. } = of else { return None };
    entries.iter().find(|(key, _)| key == name).map(|(_, value)| value)
}
