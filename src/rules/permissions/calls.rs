//! The AWS calls a function can make, as the actions they need.

use crate::graph::{Call, Reference};
use crate::rules::code::Judged;
use crate::summary::{Action, Effect, Init};

/// The calls that can happen; those of operations that no table knows come second.
pub fn calls<'a>(judged: &Judged<'a>) -> (Vec<Call<'a>>, Vec<&'a Effect>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for (index, effect) in judged.happening() {
        match Call::of(judged.function, index, effect) {
            Some(call) => known.push(call),
            None if matches!(effect.action, Action::Aws { .. }) => unknown.push(effect),
            None => {}
        }
    }
    (known, unknown)
}

/// Whether clients of a service, or of any where none is named, may have credentials that are not those
/// of the function's role.
pub fn has_other_credentials(judged: &Judged<'_>, service: Option<&str>) -> bool {
    let is_of = |init: &&Init| service.is_none_or(|service| init.what == service || init.what == Init::ALL);
    judged.summary.inits.iter().filter(is_of).any(|init| init.own_credentials)
}

/// A resource or text as people read it.
pub fn shown(on: &Reference) -> &str {
    match on {
        Reference::Resource(text) | Reference::Text(text) => text,
    }
}
