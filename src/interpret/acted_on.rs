//! What an operation acts on, from its input.

use std::borrow::Cow;

use super::shape;
use crate::aws::sdk;
use crate::summary::{Shape, Symbol};

/// The first of the members that name what operations of the service act on; unknown where none does.
pub(super) fn acted_on(service: &str, input: &Shape) -> Symbol {
    for member in sdk::resource_members(service) {
        let found = member.split('.').try_fold(Cow::Borrowed(input), |shape, step| match step {
            "*" => first_item(&shape).cloned().map(Cow::Owned),
            "{}" => match &*shape {
                Shape::Object { entries, .. } => {
                    let first = entries.first().filter(|(name, _)| name != "*");
                    first.map(|(name, _)| Cow::Owned(shape::text(name.clone())))
                }
                _ => None,
            },
            step => match &*shape {
                Shape::Object { .. }
                | Shape::Symbol(Symbol::Event(_))
                | Shape::Part { .. }
                | Shape::Choice(_) => Some(shape::part(&shape, step)).filter(|part| *part != Shape::Null),
                _ => None,
            }
            .map(Cow::Owned),
        });
        match found.map_or(Symbol::Unknown, |shape| shape::symbol(&shape)) {
            Symbol::Unknown => {}
            symbol => return symbol,
        }
    }
    Symbol::Unknown
}

/// What is surely in a list comes before what may be added to it.
fn first_item(shape: &Shape) -> Option<&Shape> {
    match shape {
        Shape::List(items) => items.first(),
        Shape::Each { item, .. } => Some(item),
        Shape::Object { entries, .. } => entries.first().map(|(_, value)| value),
        Shape::Choice(choices) => {
            let is_list = |choice: &&Shape| matches!(choice, Shape::List(items) if !items.is_empty());
            let list = choices.iter().find(is_list);
            let each = || choices.iter().find(|choice| matches!(choice, Shape::Each { .. }));
            first_item(list.or_else(each)?)
        }
        _ => None,
    }
}
