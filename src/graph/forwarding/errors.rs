//! How a call ended, as a question asks: with which error, or with which outcome that the service names. A
//! mapping can ask so of the body that the service answers with.

use crate::aws::direct;
use crate::summary::{EffectId, Import, Shape, Symbol, Test};

/// The names of errors of which a question asks whether the call failed with one.
pub fn named_errors(test: &Test, call: EffectId, imports: &[Import]) -> Option<Vec<String>> {
    let is_name = |shape: &Shape| is_error_name(shape, call, imports);
    match test {
        Test::Equal(value, name) if is_name(value) => Some(vec![text(name)?]),
        Test::OneOf(value, names) if is_name(value) => names.iter().map(text).collect(),
        Test::Other(values) => match &**values {
            [Shape::Computed { operation, from, .. }] if operation == "instance of" => {
                let [value, Shape::Computed { operation: class, from, .. }] = &**from else {
                    return None;
                };
                let is_error = matches!(value, Shape::Symbol(Symbol::Result(id, path)) if *id == call && **path == ["error"]);
                (is_error && from.is_empty())
                    .then(|| direct::error_of_class(class))
                    .flatten()
                    .map(|name| vec![name])
            }
            _ => None,
        },
        _ => None,
    }
}

/// The outcomes of which a question asks whether the call, that went well, ended in one.
pub fn named_outcomes(test: &Test, call: EffectId, member: &str) -> Option<Vec<String>> {
    let is_outcome = |shape: &Shape| matches!(shape, Shape::Symbol(Symbol::Result(id, path)) if *id == call && **path == [member]);
    match test {
        Test::Equal(value, name) if is_outcome(value) => Some(vec![text(name)?]),
        Test::OneOf(value, names) if is_outcome(value) => names.iter().map(text).collect(),
        _ => None,
    }
}

/// Whether a value is the name of the error that the call failed with.
fn is_error_name(shape: &Shape, call: EffectId, imports: &[Import]) -> bool {
    let Shape::Symbol(Symbol::Result(id, path)) = shape else { return false };
    let imported = |package: &str| imports.iter().any(|import| !import.local && import.module == package);
    *id == call
        && path
            .split_first()
            .is_some_and(|(first, rest)| first == "error" && direct::is_error_name(rest, imported))
}

fn text(shape: &Shape) -> Option<String> {
    match shape {
        Shape::Symbol(Symbol::Name(text)) => Some(text.clone()),
        _ => None,
    }
}
