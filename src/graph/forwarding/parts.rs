//! What a value is made of: parts of the event, or nothing but constants.

use crate::summary::{Shape, Symbol};

pub(super) fn is_constant(shape: &Shape) -> bool {
    match shape {
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Symbol(Symbol::Name(_)) => true,
        Shape::List(items) | Shape::Text(items) | Shape::Choice(items) => items.iter().all(is_constant),
        Shape::Object { entries, open } => !open && entries.iter().all(|(_, value)| is_constant(value)),
        Shape::Json(value) | Shape::Parsed(value) | Shape::Coded { value, .. } => is_constant(value),
        Shape::Part { of, .. } => is_constant(of),
        _ => false,
    }
}

/// Paths of the event that a value is made of; items of lists as `*`.
pub(super) fn parts_of_event(shape: &Shape, found: &mut Vec<Vec<String>>) {
    match shape {
        Shape::Symbol(Symbol::Event(path)) => found.push(path.to_vec()),
        Shape::Symbol(Symbol::Text(parts)) => {
            parts.iter().for_each(|part| parts_of_event(&Shape::Symbol(part.clone()), found));
        }
        Shape::Item { of, path } => {
            let mut of_list = Vec::new();
            parts_of_event(of, &mut of_list);
            found.extend(of_list.into_iter().map(|mut whole| {
                whole.push("*".to_owned());
                whole.extend(path.iter().cloned());
                whole
            }));
        }
        // The list itself is told by its items.
        Shape::Each { item, .. } => parts_of_event(item, found),
        Shape::Part { of, path } => {
            let from = found.len();
            parts_of_event(of, found);
            found[from..].iter_mut().for_each(|whole| whole.extend(path.iter().cloned()));
        }
        other => other.each_part(|part| parts_of_event(part, found)),
    }
}
