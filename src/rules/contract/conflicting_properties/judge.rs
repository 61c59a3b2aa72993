//! Whether the tests of a row hold for some properties.

use crate::aws::exclusions::{Row, Step, Test, Wanted};
use crate::finding::Finding;
use crate::graph::in_worlds;
use crate::source::Span;
use crate::template::{Intrinsic, Map, Name, Template, Value, ValueKind};

/// The conflict of a row, in the worlds that have it.
pub(super) fn conflict(
    template: &Template,
    condition: Option<&Name>,
    properties: &Map,
    row: &Row,
) -> Option<Finding> {
    // Most rows end here, before any world is looked at.
    let possible = |test: &Test| !matches!(answer(test, properties), Answer::No);
    if !row.all.iter().all(possible) || !(row.any.is_empty() || row.any.iter().any(possible)) {
        return None;
    }
    let asked =
        |name: &Name| row.tests().any(|test| test.path.first() == Some(&Step::Key(name.text.clone())));
    let entries: Vec<&(Name, Value)> = properties.entries.iter().filter(|(name, _)| asked(name)).collect();
    let held = in_worlds(template, condition, entries.iter().map(|(_, value)| value), |known| {
        let known: Map =
            entries.iter().zip(known).map(|((name, _), value)| (name.clone(), value.clone())).collect();
        holds(row, &known)
    })?;
    let (first, others) = held.value.split_first()?;
    let mut finding = Finding::at(*first, row.say.clone()).world(held.world);
    if let Some(help) = &row.help {
        finding = finding.help(help.clone());
    }
    Some(others.iter().fold(finding, |finding, span| finding.because(*span, "together with this")))
}

/// The places that make the conflict.
fn holds(row: &Row, properties: &Map) -> Option<Vec<Span>> {
    let mut places = Vec::new();
    for test in &row.all {
        let Answer::Yes(place) = answer(test, properties) else { return None };
        places.push(place);
    }
    if !row.any.is_empty() {
        let place = row.any.iter().find_map(|test| match answer(test, properties) {
            Answer::Yes(place) => Some(place),
            _ => None,
        });
        places.push(place?);
    }
    row.none.iter().all(|test| matches!(answer(test, properties), Answer::No)).then_some(places)
}

/// What a test says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// The key or item that it is about.
    Yes(Span),
    No,
    /// It depends on what is not known.
    Unclear,
}

fn answer(test: &Test, properties: &Map) -> Answer {
    match test.path.split_first() {
        Some((Step::Key(key), rest)) => in_map(properties, key, rest, &test.wanted),
        _ => Answer::Unclear,
    }
}

fn in_map(map: &Map, key: &str, rest: &[Step], wanted: &Wanted) -> Answer {
    match map.entry(key) {
        Some((name, value)) => at(value, name.span, rest, wanted),
        None if map.iter().any(|(key, _)| key.text.starts_with("Fn::")) => Answer::Unclear,
        None => Answer::No,
    }
}

fn at(value: &Value, place: Span, path: &[Step], wanted: &Wanted) -> Answer {
    if value.is_no_value() || value.is_null() {
        return Answer::No;
    }
    let Some((step, rest)) = path.split_first() else { return judged(value, place, wanted) };
    match (step, &value.kind) {
        (_, ValueKind::Intrinsic(_)) => Answer::Unclear,
        (Step::Key(key), ValueKind::Map(map)) => in_map(map, key, rest, wanted),
        (Step::Item, ValueKind::List(items)) => {
            first(items.iter().map(|item| at(item, item.span, rest, wanted)))
        }
        (Step::Entry | Step::Other(_), ValueKind::Map(map)) => {
            let left_out = |name: &Name| matches!(step, Step::Other(key) if *key == name.text);
            let entries = map.iter().filter(|(name, _)| !left_out(name));
            first(entries.map(|(name, value)| at(value, name.span, rest, wanted)))
        }
        _ => Answer::No,
    }
}

/// Yes where one says so; no where all do.
fn first(answers: impl Iterator<Item = Answer>) -> Answer {
    let answers: Vec<Answer> = answers.collect();
    let yes = answers.iter().find(|answer| matches!(answer, Answer::Yes(_)));
    yes.or_else(|| answers.iter().find(|answer| **answer == Answer::Unclear)).copied().unwrap_or(Answer::No)
}

fn judged(value: &Value, place: Span, wanted: &Wanted) -> Answer {
    let yes = |holds: bool| if holds { Answer::Yes(place) } else { Answer::No };
    match (&value.kind, wanted) {
        (ValueKind::Intrinsic(intrinsic), Wanted::Set | Wanted::Given) => match **intrinsic {
            Intrinsic::If { .. } | Intrinsic::Transform { .. } | Intrinsic::Other { .. } => Answer::Unclear,
            _ => Answer::Yes(place),
        },
        (ValueKind::Intrinsic(_), _) => Answer::Unclear,
        (_, Wanted::Given) => Answer::Yes(place),
        (_, Wanted::Set) => yes(!is_empty(value)),
        (_, Wanted::OneOf(texts)) => yes(texts.iter().any(|text| is(value, text))),
        (_, Wanted::NoneOf(texts)) => {
            yes(value.scalar().is_some() && !texts.iter().any(|text| is(value, text)))
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Null | ValueKind::Bool(false) => true,
        ValueKind::String(text) => text.is_empty(),
        ValueKind::Number(_) => value.as_i64() == Some(0),
        ValueKind::List(items) => items.is_empty(),
        ValueKind::Map(map) => map.is_empty(),
        _ => false,
    }
}

/// A switch is on where it is `true`, not where it is the text.
fn is(value: &Value, text: &str) -> bool {
    match (&value.kind, text) {
        (ValueKind::String(_), "true" | "false") => false,
        _ => value.scalar().is_some_and(|scalar| scalar == text),
    }
}
