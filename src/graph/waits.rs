//! Whether a call waits until what it calls has answered.

use crate::summary::{Shape, Symbol};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    Yes,
    No,
    Unknown,
}

/// Whether an invocation of a function waits: what `InvocationType` says; without one it does.
pub fn waits(input: &Shape) -> Waits {
    let Shape::Object { entries, open } = input else { return Waits::Unknown };
    let given = entries.iter().find(|(key, _)| key == "InvocationType").map(|(_, value)| value);
    match given {
        Some(Shape::Symbol(Symbol::Name(kind))) if kind == "RequestResponse" => Waits::Yes,
        Some(Shape::Symbol(Symbol::Name(_))) => Waits::No,
        Some(_) => Waits::Unknown,
        None if *open || entries.iter().any(|(key, _)| key == "...") => Waits::Unknown,
        None => Waits::Yes,
    }
}
