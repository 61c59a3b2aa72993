//! The AWS calls a function can make, as the actions they need.

use crate::aws::iam;
use crate::graph::Reference;
use crate::rules::code::Judged;
use crate::summary::{Action, Effect, Init};

/// One call, and what it needs.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    pub effect: &'a Effect,
    /// Its place in the summary.
    pub index: usize,
    /// All of them.
    pub needs: Vec<String>,
    /// In some cases.
    pub may_need: &'static [String],
    /// What it acts on, where that is known and all needs are about it.
    pub on: Option<&'a Reference>,
}

/// The calls that can happen; those of operations that no table knows come second.
pub fn calls<'a>(judged: &Judged<'a>) -> (Vec<Call<'a>>, Vec<&'a Effect>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    let function = judged.function;
    for (index, effect) in judged.happening() {
        let Action::Aws { service, operation } = &effect.action else { continue };
        let Some(needs) = iam::needs(service, operation) else {
            unknown.push(effect);
            continue;
        };
        let target = function.targets().get(index).and_then(Option::as_ref);
        let on = target.filter(|_| needs.all.len() <= 1);
        let all = needs.all.into_iter().map(std::borrow::Cow::into_owned).collect();
        known.push(Call { effect, index, needs: all, may_need: needs.some, on });
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
