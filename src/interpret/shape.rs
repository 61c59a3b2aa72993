//! Shapes as the abstract values of data: how they are built, taken apart and joined.
//!
//! They form a lattice by set inclusion: a shape that is not a choice stands for itself, a
//! [`Shape::Choice`] for any of its parts, [`Shape::Unknown`] for everything.

use std::sync::Arc;

use crate::aws::sdk::is_marshalled_output;
use crate::source::Span;
use crate::summary::{Names, Shape, Symbol, Test, coding};

/// More alternatives than this are widened to [`Shape::Unknown`].
const MOST_CHOICES: usize = 12;
/// Shapes with more nodes than this are widened to the symbols in them.
const MOST_NODES: usize = 400;
const LONGEST_PATH: usize = 24;

pub(super) fn text(text: impl Into<String>) -> Shape {
    Shape::Symbol(Symbol::Name(text.into()))
}

/// The constant text of a shape.
pub(super) fn as_text(shape: &Shape) -> Option<&str> {
    match shape {
        Shape::Symbol(Symbol::Name(name)) => Some(name),
        _ => None,
    }
}

/// The text that a constant has when it stands as a key or inside a text.
pub(super) fn key_text(shape: &Shape) -> Option<&str> {
    match shape {
        Shape::Symbol(Symbol::Name(text)) | Shape::Number(text) => Some(text),
        Shape::Bool(true) => Some("true"),
        Shape::Bool(false) => Some("false"),
        Shape::Null => Some("null"),
        _ => None,
    }
}

pub(super) fn is_constant(shape: &Shape) -> bool {
    match shape {
        Shape::Symbol(Symbol::Name(_)) | Shape::Number(_) | Shape::Bool(_) | Shape::Null => true,
        Shape::List(items) => items.iter().all(is_constant),
        Shape::Object { entries, open } => !open && entries.iter().all(|(_, value)| is_constant(value)),
        Shape::Json(value) | Shape::Parsed(value) | Shape::Coded { value, .. } => is_constant(value),
        Shape::Text(parts) | Shape::Choice(parts) => parts.iter().all(is_constant),
        _ => false,
    }
}

/// Least upper bound. Commutative, associative and idempotent.
pub(super) fn join(left: &Shape, right: &Shape) -> Shape {
    if left == right {
        return left.clone();
    }
    let mut choices = Vec::new();
    flatten(left, &mut choices);
    flatten(right, &mut choices);
    if choices.iter().any(|choice| **choice == Shape::Unknown) {
        return Shape::Unknown;
    }
    // Any total order will do, as long as it does not depend on the run.
    choices.sort();
    choices.dedup();
    match choices.as_slice() {
        [only] => (*only).clone(),
        many if many.len() > MOST_CHOICES => Shape::Unknown,
        many => Shape::Choice(many.iter().map(|choice| (*choice).clone()).collect()),
    }
}

fn flatten<'s>(shape: &'s Shape, into: &mut Vec<&'s Shape>) {
    match shape {
        Shape::Choice(parts) => parts.iter().for_each(|part| flatten(part, into)),
        other => into.push(other),
    }
}

/// Keeps a shape small: what grew too large becomes "computed from these symbols".
pub(super) fn widen(shape: Shape, span: Span) -> Shape {
    if is_small(&shape) {
        return shape;
    }
    let mut from = Vec::new();
    leaves(&shape, &mut from, 16);
    Shape::Computed { operation: "large value".to_owned(), from: from.into(), span }
}

pub(super) fn is_small(shape: &Shape) -> bool {
    let mut left = MOST_NODES;
    has_at_most(&mut left, shape)
}

/// The shape where parts of it, `changed`, are not any more what they came as.
pub(super) fn after_changes(shape: &Shape, changed: &[(Shape, Span)]) -> Shape {
    // Itself, or as a list of which each item was changed.
    let is_it = |receiver: &Shape| {
        receiver == shape || matches!(receiver, Shape::Item { of, path } if path.is_empty() && **of == *shape)
    };
    if let Some((_, span)) = changed.iter().find(|(receiver, _)| is_it(receiver)) {
        return Shape::Computed {
            operation: "changed".to_owned(),
            from: [shape.clone()].into(),
            span: *span,
        };
    }
    let inner = |shape: &Shape| after_changes(shape, changed);
    let all = |shapes: &[Shape]| shapes.iter().map(inner).collect();
    match shape {
        Shape::Text(parts) => Shape::Text(all(parts)),
        Shape::List(items) => Shape::List(all(items)),
        Shape::Choice(choices) => Shape::Choice(all(choices)),
        Shape::Object { entries, open } => Shape::Object {
            entries: entries.iter().map(|(name, value)| (name.clone(), inner(value))).collect(),
            open: *open,
        },
        Shape::Json(value) => Shape::Json(Arc::new(inner(value))),
        Shape::Coded { coding, value } => {
            Shape::Coded { coding: coding.clone(), value: Arc::new(inner(value)) }
        }
        Shape::Default { value, default } => {
            Shape::Default { value: Arc::new(inner(value)), default: Arc::new(inner(default)) }
        }
        Shape::Each { of, item } => Shape::Each { of: of.clone(), item: Arc::new(inner(item)) },
        other => other.clone(),
    }
}

/// Whether a shape has no more nodes than are `left`; they are taken off.
fn has_at_most(left: &mut usize, shape: &Shape) -> bool {
    if *left == 0 {
        return false;
    }
    *left -= 1;
    shape.all_parts(|part| has_at_most(left, part))
}

/// The symbols a shape is made of, without repetition.
pub(super) fn leaves(shape: &Shape, into: &mut Vec<Shape>, limit: usize) {
    if into.len() >= limit {
        return;
    }
    match shape {
        Shape::Symbol(Symbol::Name(_)) => {}
        Shape::Symbol(_) | Shape::RandomId | Shape::Now(_) if !into.contains(shape) => {
            into.push(shape.clone())
        }
        other => other.each_part(|child| leaves(child, into, limit)),
    }
}

/// Whether something of the invocation (event, context, an answer, time, chance) is in it.
pub(super) fn varies(shape: &Shape) -> bool {
    match shape {
        Shape::Symbol(symbol) => symbol_varies(symbol),
        Shape::RandomId | Shape::Now(_) | Shape::Unknown => true,
        other => {
            let mut found = false;
            other.each_part(|child| found |= varies(child));
            found
        }
    }
}

fn symbol_varies(symbol: &Symbol) -> bool {
    match symbol {
        Symbol::Name(_) | Symbol::Env(_) => false,
        Symbol::Text(parts) => parts.iter().any(symbol_varies),
        _ => true,
    }
}

pub(super) fn computed(operation: impl Into<String>, from: Vec<Shape>, span: Span) -> Shape {
    let from = from.into_iter().map(required).collect();
    widen(Shape::Computed { operation: operation.into(), from, span }, span)
}

pub(super) fn coded(coding: &str, value: Shape) -> Shape {
    let value = required(value);
    // Text of a text and number of a number are themselves.
    match (&value, coding) {
        (Shape::Symbol(Symbol::Name(_)) | Shape::Text(_) | Shape::Json(_), "string") => value,
        (Shape::Symbol(Symbol::Name(constant)), "lower") => text(constant.to_lowercase()),
        (Shape::Number(_), "number") => value,
        (Shape::Number(number), "string") => text(number.clone()),
        (Shape::Coded { coding: inner, value: of }, _) if undoes(coding, inner) => (**of).clone(),
        _ => Shape::Coded { coding: coding.to_owned(), value: Arc::new(value) },
    }
}

fn undoes(outer: &str, inner: &str) -> bool {
    matches!(
        (outer, inner),
        ("marshall", "unmarshall")
            | ("unmarshall", "marshall")
            | ("base64", "unbase64")
            | ("unbase64", "base64")
            | ("string", "string")
            | ("number", "number")
            | ("uri", "unuri")
            | ("unuri", "uri")
    )
}

pub(super) fn json(value: Shape) -> Shape {
    match value {
        Shape::Parsed(inner) => Arc::unwrap_or_clone(inner),
        value => Shape::Json(Arc::new(value)),
    }
}

pub(super) fn parsed(value: Shape) -> Shape {
    match value {
        Shape::Json(inner) => Arc::unwrap_or_clone(inner),
        // `json.loads(event["body"] or "{}")` reads an empty object where there is no body.
        Shape::Default { value, default } => {
            let default = match as_text(&default) {
                Some(constant) => constant_json(constant),
                None => parsed(Arc::unwrap_or_clone(default)),
            };
            Shape::Default {
                value: Arc::new(parsed(Arc::unwrap_or_clone(value))),
                default: Arc::new(default),
            }
        }
        value => match as_text(&value) {
            Some(constant) => constant_json(constant),
            None => Shape::Parsed(Arc::new(value)),
        },
    }
}

fn constant_json(constant: &str) -> Shape {
    serde_json::from_str::<serde_json::Value>(constant)
        .map_or_else(|_| Shape::Parsed(Arc::new(text(constant))), |value| from_json(&value))
}

fn from_json(value: &serde_json::Value) -> Shape {
    match value {
        serde_json::Value::Null => Shape::Null,
        serde_json::Value::Bool(value) => Shape::Bool(*value),
        serde_json::Value::Number(number) => Shape::Number(number.to_string()),
        serde_json::Value::String(value) => text(value.clone()),
        serde_json::Value::Array(items) => Shape::List(items.iter().map(from_json).collect()),
        serde_json::Value::Object(entries) => Shape::Object {
            entries: entries.iter().map(|(key, value)| (key.clone(), from_json(value))).collect(),
            open: false,
        },
    }
}

/// A text made of parts; neighbouring constants melt together.
pub(super) fn concat(parts: impl IntoIterator<Item = Shape>, span: Span) -> Shape {
    let mut flat: Vec<Shape> = Vec::new();
    let push = |part: Shape, flat: &mut Vec<Shape>| match (flat.last_mut(), key_text(&part)) {
        (_, Some("")) => {}
        (Some(Shape::Symbol(Symbol::Name(last))), Some(constant)) => last.push_str(constant),
        (_, Some(constant)) => flat.push(text(constant)),
        (_, None) => flat.push(part),
    };
    for part in parts {
        match part {
            Shape::Text(inner) => inner.iter().for_each(|part| push(part.clone(), &mut flat)),
            Shape::Symbol(Symbol::Text(inner)) => {
                inner.into_iter().for_each(|part| push(Shape::Symbol(part), &mut flat))
            }
            Shape::Coded { coding, value } if coding == "string" => {
                push(Arc::unwrap_or_clone(value), &mut flat)
            }
            part => push(part, &mut flat),
        }
    }
    match flat.len() {
        0 => text(""),
        1 if as_text(&flat[0]).is_some() => flat.remove(0),
        _ => widen(Shape::Text(flat.into()), span),
    }
}

/// `value`, or `default` where it is absent or empty.
pub(super) fn or_default(value: Shape, default: Shape) -> Shape {
    match required(value) {
        Shape::Null => default,
        value if value == default || default == Shape::Null => value,
        // `a ?? b ?? c` is one value with two defaults.
        Shape::Default { value, default: first } => {
            Shape::Default { value, default: Arc::new(or_default(Arc::unwrap_or_clone(first), default)) }
        }
        value => Shape::Default { value: Arc::new(value), default: Arc::new(default) },
    }
}

/// A part of stored or sent data that may be missing without an error.
pub(super) fn optional(part: Shape) -> Shape {
    let of_data = |of: &Shape| match of {
        Shape::Parsed(_) => true,
        Shape::Coded { coding, .. } => coding == "unmarshall",
        _ => false,
    };
    match &part {
        Shape::Part { of, .. } if of_data(of) => {
            Shape::Coded { coding: coding::OPTIONAL.to_owned(), value: Arc::new(part) }
        }
        _ => part,
    }
}

/// The part itself, whether or not it may be missing.
pub(super) fn required(shape: Shape) -> Shape {
    match shape {
        Shape::Coded { coding, value } if coding == coding::OPTIONAL => Arc::unwrap_or_clone(value),
        shape => shape,
    }
}

/// A question about a value, whether or not that may be missing.
pub(super) fn asked(test: Test) -> Test {
    match test {
        Test::Truthy(value) => Test::Truthy(required(value)),
        Test::Present(value) => Test::Present(required(value)),
        Test::Has(value, key) => Test::Has(required(value), key),
        Test::Equal(left, right) => Test::Equal(required(left), required(right)),
        Test::OneOf(value, ones) => Test::OneOf(required(value), ones),
        Test::StartsWith(value, prefix) => Test::StartsWith(required(value), prefix),
        Test::Iterates(value) => Test::Iterates(required(value)),
        test => test,
    }
}

/// The part `key` of a value. Absent parts are null.
pub(super) fn part(shape: &Shape, key: &str) -> Shape {
    match shape {
        Shape::Coded { coding, value } if coding == coding::OPTIONAL => part(value, key),
        Shape::Symbol(symbol) => {
            symbol_part(symbol, key).map_or_else(|| constant_part(shape, key), Shape::Symbol)
        }
        Shape::Object { entries, open } => {
            if let Some((_, value)) = entries.iter().rev().find(|(name, _)| name == key) {
                return value.clone();
            }
            match entries.iter().rev().find(|(name, _)| name == "...") {
                Some((_, copied)) => part(copied, key),
                None if *open => Shape::Unknown,
                None => Shape::Null,
            }
        }
        Shape::List(items) => match key.parse::<usize>() {
            Ok(index) => items.get(index).cloned().unwrap_or(Shape::Null),
            Err(_) => Shape::Unknown,
        },
        Shape::Item { of, path } if path.len() < LONGEST_PATH => {
            Shape::Item { of: of.clone(), path: longer(path, key) }
        }
        Shape::Part { of, path } if path.len() < LONGEST_PATH => {
            Shape::Part { of: of.clone(), path: longer(path, key) }
        }
        Shape::Default { value, default } => or_default(part(value, key), part(default, key)),
        Shape::Choice(choices) => choices
            .iter()
            .map(|choice| part(choice, key))
            .reduce(|left, right| join(&left, &right))
            .unwrap_or(Shape::Unknown),
        Shape::Each { item, .. } if key.parse::<usize>().is_ok() => (**item).clone(),
        Shape::Coded { coding, value } if coding == "document" => {
            let part = part(value, key);
            if is_marshalled_output(key) { coded("unmarshall", part) } else { part }
        }
        Shape::Null => Shape::Null,
        // `HTTPStatus.OK.value`
        Shape::Number(_) if key == "value" => shape.clone(),
        Shape::Unknown | Shape::Item { .. } => Shape::Unknown,
        other => Shape::Part { of: Arc::new(other.clone()), path: [key.to_owned()].into() },
    }
}

fn constant_part(shape: &Shape, key: &str) -> Shape {
    match key {
        // Members of enumerations are written as their values.
        "value" | "name" => shape.clone(),
        _ => Shape::Part { of: Arc::new(shape.clone()), path: [key.to_owned()].into() },
    }
}

fn symbol_part(symbol: &Symbol, key: &str) -> Option<Symbol> {
    match symbol {
        Symbol::Event(path) if path.len() < LONGEST_PATH => Some(Symbol::Event(longer(path, key))),
        Symbol::Context(path) if path.len() < LONGEST_PATH => Some(Symbol::Context(longer(path, key))),
        Symbol::Result(effect, path) if path.len() < LONGEST_PATH => {
            Some(Symbol::Result(*effect, longer(path, key)))
        }
        Symbol::Unknown => Some(Symbol::Unknown),
        _ => None,
    }
}

fn longer(path: &[String], key: &str) -> Names {
    path.iter().cloned().chain([key.to_owned()]).collect()
}

/// What stands for one item of a list of which only the shape is known.
pub(super) fn item(of: &Shape) -> Shape {
    match of {
        Shape::Coded { coding, value } if coding == coding::OPTIONAL => item(value),
        Shape::Each { item, .. } => (**item).clone(),
        Shape::List(items) => {
            items.iter().cloned().reduce(|left, right| join(&left, &right)).unwrap_or(Shape::Unknown)
        }
        Shape::Unknown => Shape::Unknown,
        Shape::Default { value, default } if matches!(&**default, Shape::List(items) if items.is_empty()) => {
            item(value)
        }
        other => Shape::Item { of: Arc::new(other.clone()), path: Names::default() },
    }
}

/// The name that a value stands for where a call says what it acts on.
pub(super) fn symbol(shape: &Shape) -> Symbol {
    match shape {
        Shape::Symbol(symbol) => symbol.clone(),
        Shape::Number(text) => Symbol::Name(text.clone()),
        Shape::Default { value, .. } => symbol(value),
        Shape::Coded { coding, value } if coding == "string" => symbol(value),
        Shape::Text(parts) => Symbol::Text(parts.iter().map(symbol).collect()),
        _ => Symbol::Unknown,
    }
}

/// What a value is that has the items of another in an order of its own.
pub(super) const SORTED: &str = "sorted";

/// The path in the event that a value is, items of lists as `*`.
pub(super) fn event_path(shape: &Shape) -> Option<Names> {
    match shape {
        Shape::Symbol(Symbol::Event(path)) => Some(path.clone()),
        Shape::Item { of, path } => {
            let list = event_path(of)?;
            Some(list.iter().chain([&"*".to_owned()]).chain(&**path).cloned().collect())
        }
        Shape::Default { value, .. } => event_path(value),
        Shape::Coded { coding, value } if coding == SORTED => event_path(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shapes() -> impl Strategy<Value = Shape> {
        let leaf = prop_oneof![
            Just(Shape::Unknown),
            Just(Shape::Null),
            any::<bool>().prop_map(Shape::Bool),
            (0u8..4).prop_map(|number| Shape::Number(number.to_string())),
            "[ab]".prop_map(text),
            "[ab]".prop_map(|name| Shape::Symbol(Symbol::Env(name))),
            "[ab]".prop_map(|name| Shape::Symbol(Symbol::Event([name].into()))),
        ];
        leaf.prop_recursive(2, 8, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(|items| Shape::List(items.into())),
                inner.clone().prop_map(json),
                (inner.clone(), inner).prop_map(|(left, right)| join(&left, &right)),
            ]
        })
    }

    proptest! {
        #[test]
        fn join_is_commutative(a in shapes(), b in shapes()) {
            prop_assert_eq!(join(&a, &b), join(&b, &a));
        }

        #[test]
        fn join_is_associative(a in shapes(), b in shapes(), c in shapes()) {
            prop_assert_eq!(join(&join(&a, &b), &c), join(&a, &join(&b, &c)));
        }

        #[test]
        fn join_is_idempotent_and_an_upper_bound(a in shapes(), b in shapes()) {
            prop_assert_eq!(join(&a, &a), a.clone());
            let both = join(&a, &b);
            prop_assert_eq!(join(&both, &a), both.clone());
        }

        #[test]
        fn unknown_absorbs(a in shapes()) {
            prop_assert_eq!(join(&a, &Shape::Unknown), Shape::Unknown);
        }
    }

    fn span() -> Span {
        Span::new(crate::source::SourceId(0), 0, 0)
    }

    #[test]
    fn widening_ends_growth() {
        let mut shape = Shape::Symbol(Symbol::Event(["a".to_owned()].into()));
        for _ in 0..64 {
            shape = computed("add", vec![shape.clone(), shape], span());
        }
        assert!(is_small(&shape));
        assert!(varies(&shape));
    }

    #[test]
    fn parts_go_through_defaults_and_codings() {
        let query = Shape::Symbol(Symbol::Event(["query".to_owned()].into()));
        let or_empty = or_default(query, Shape::Object { entries: [].into(), open: false });
        assert_eq!(
            part(&or_empty, "id"),
            Shape::Symbol(Symbol::Event(["query".to_owned(), "id".to_owned()].into()))
        );
        let body = parsed(Shape::Symbol(Symbol::Event(["body".to_owned()].into())));
        assert_eq!(
            part(&part(&body, "a"), "b"),
            Shape::Part { of: Arc::new(body), path: ["a".to_owned(), "b".to_owned()].into() }
        );
        assert_eq!(
            part(&parsed(text("{\"a\": [1]}")), "a"),
            Shape::List([Shape::Number("1".to_owned())].into())
        );
    }
}
