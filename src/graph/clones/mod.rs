//! Code that stands more than once in an application, in functions that could share it.
//!
//! Whole modules come first, then what saves most lines; what a larger copy holds is no copy of its
//! own. Pieces that are the same in the same files make one group. Nothing is compared across
//! applications: samples that lie side by side are copies of each other on purpose.

mod code;
mod group;
mod literals;
mod repeats;
mod setup;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use code::{Code, Run};
use group::Candidate;

use super::query::App;
use crate::source::{SourceId, Span};

/// One duplicated piece of code, or several that are the same in the same files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub what: What,
    /// At least two, in the order of the files.
    pub places: Vec<Place>,
    /// Lines of one copy.
    pub lines: usize,
    /// Lines that would be gone if it stood once and were imported everywhere else.
    pub saved: usize,
    /// Texts and numbers that are not the same everywhere.
    pub differing: usize,
}

/// What is duplicated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Whole files.
    Module,
    /// Functions and classes, by their names in the first place.
    Definitions(Vec<String>),
    /// What builds clients and connections when the module loads.
    Setup,
    /// Statements of something larger.
    Statements,
}

/// Where a copy is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub source: SourceId,
    /// From its first line to its last.
    pub span: Span,
    /// The statements of it, in the order of the text; of a module the whole file.
    pub spans: Vec<Span>,
    /// The functions whose code has it, by index into [`Graph::functions`](super::Graph::functions).
    pub functions: Vec<usize>,
}

impl Group {
    /// All functions that have a copy, in the order of the templates.
    pub fn functions(&self) -> Vec<usize> {
        let mut all: Vec<usize> = self.places.iter().flat_map(|place| place.functions.clone()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// All groups, those that save most first.
pub fn groups(app: &App<'_>) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    for code in code::applications(app) {
        for group in of_one(&code) {
            // Templates may declare the same functions, one for each environment.
            if !found.iter().any(|known| same_places(known, &group)) {
                found.push(group);
            }
        }
    }
    found.sort_by(|a, b| (b.saved, &a.places).cmp(&(a.saved, &b.places)));
    found
}

fn same_places(one: &Group, other: &Group) -> bool {
    let spans = |group: &Group| group.places.iter().map(|place| place.span).collect::<Vec<_>>();
    spans(one) == spans(other)
}

fn of_one(code: &Code<'_>) -> Vec<Group> {
    let mut covered = Covered::default();
    let modules = group::modules(code);
    for candidate in &modules {
        candidate.runs.iter().for_each(|run| covered.add(code, run));
    }
    let waiting = repeats::candidates(code, &covered);
    let pieces = chosen(code, waiting, &mut covered);
    let whole = modules.into_iter().map(|candidate| candidate.into_group(code, What::Module));
    whole.chain(joined(code, pieces)).collect()
}

/// Takes what saves most, again and again; what is covered by then does not count.
fn chosen(code: &Code<'_>, mut waiting: Vec<Candidate>, covered: &mut Covered) -> Vec<Candidate> {
    let mut taken = Vec::new();
    waiting.sort_by(Candidate::best_last);
    while let Some(candidate) = waiting.pop() {
        let before = candidate.saved();
        let Some(candidate) = candidate.without(code, covered) else { continue };
        if candidate.saved() < before {
            let at = waiting
                .binary_search_by(|other| Candidate::best_last(other, &candidate))
                .unwrap_or_else(|at| at);
            waiting.insert(at, candidate);
            continue;
        }
        candidate.runs.iter().for_each(|run| covered.add(code, run));
        taken.push(candidate);
    }
    taken
}

/// Groups whose copies lie in the same files as one.
fn joined(code: &Code<'_>, candidates: Vec<Candidate>) -> Vec<Group> {
    let mut by_files: BTreeMap<Vec<SourceId>, Vec<Candidate>> = BTreeMap::new();
    let mut several = Vec::new();
    for candidate in candidates {
        let files = candidate.files(code);
        // Two copies in one file cannot be told apart by it.
        if files.len() == candidate.runs.len() {
            by_files.entry(files).or_default().push(candidate);
        } else {
            several.push(candidate);
        }
    }
    let together = by_files.into_values().map(|mut same| {
        same.sort_by_key(|candidate| candidate.runs.first().map(|run| code.span(run)));
        let what = group::what(code, &same);
        group::together(code, &same, what)
    });
    let alone = several.into_iter().map(|candidate| {
        let what = group::what(code, std::slice::from_ref(&candidate));
        candidate.into_group(code, what)
    });
    together.chain(alone).collect()
}

/// What is part of a group already.
#[derive(Debug, Default)]
struct Covered(BTreeMap<SourceId, Vec<Span>>);

impl Covered {
    fn add(&mut self, code: &Code<'_>, run: &Run) {
        let span = code.span(run);
        self.0.entry(span.source).or_default().push(span);
    }

    fn has(&self, span: Span) -> bool {
        self.0
            .get(&span.source)
            .is_some_and(|spans| spans.iter().any(|known| known.start < span.end && span.start < known.end))
    }
}
