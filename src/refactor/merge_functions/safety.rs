//! Code that would do something else beside the code of others, or in another folder.

use std::collections::BTreeSet;

use super::Merge;
use crate::aws::merging::{When, signs};
use crate::graph::App;
use crate::graph::merging::Candidate;
use crate::refactor::Refusal;
use crate::source::{SourceId, Span};

/// What stands in the way wherever the code lies.
pub fn in_any_layout(merge: &Merge<'_>) -> Vec<Refusal> {
    let mut found = Vec::new();
    for (index, member) in merge.members.iter().enumerate() {
        for module in modules(member) {
            found.extend(faults(merge.app, module, When::Always));
            let also = |other: &&Candidate<'_>| modules(other).contains(&module);
            if let Some(other) = merge.members[..index].iter().find(also) {
                let shared = faults(merge.app, module, When::Shared).into_iter();
                found.extend(shared.map(|one| with(one, &format!("the same for `{}`", other.function))));
            }
        }
        let alone = own(merge.app, member, When::Several);
        for other in &merge.members[..index] {
            if !own(merge.app, other, When::Several).is_empty() {
                let said = format!("as `{}` does", other.function);
                found.extend(alone.iter().cloned().map(|one| with(one, &said)));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// What stands in the way where files get other paths.
pub fn when_moved(app: &App<'_>, file: SourceId) -> Vec<Refusal> {
    faults(app, file, When::Moved)
}

fn with(refusal: Refusal, more: &str) -> Refusal {
    Refusal::new(refusal.span, format!("{}, {more}", refusal.text))
}

fn modules(member: &Candidate<'_>) -> BTreeSet<SourceId> {
    member.function.behaviour.modules.iter().copied().collect()
}

fn own(app: &App<'_>, member: &Candidate<'_>, when: When) -> Vec<Refusal> {
    modules(member).into_iter().flat_map(|module| faults(app, module, when)).collect()
}

fn faults(app: &App<'_>, file: SourceId, when: When) -> Vec<Refusal> {
    let found = signs(app.sources.path(file), app.sources.text(file), when);
    let refusal =
        |(at, why): (std::ops::Range<usize>, &str)| Refusal::new(Span::new(file, at.start, at.end), why);
    found.into_iter().map(refusal).collect()
}
