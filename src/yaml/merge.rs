//! Which entries of a mapping count: merge keys applied, duplicates reported and resolved.

use std::collections::hash_map::Entry;

use super::{Class, Document, Id, InnerKind, Style, scalar};
use crate::evidence::Problem;
use crate::source::Span;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

/// Entries that merge keys may add in one file. Past it they are left out: twenty lines of merges
/// of merges could otherwise fill the memory.
const BUDGET: usize = 1_000_000;

pub(super) struct Merger {
    left: usize,
    problems: Vec<Found>,
}

enum Found {
    Duplicate { key: String, first: Span, second: Span },
    NoMapping(Span),
    TooLarge(Span),
}

impl Default for Merger {
    fn default() -> Self {
        Self { left: BUDGET, problems: Vec::new() }
    }
}

impl Merger {
    /// The entries that count, or `None` when they are just those that are written.
    pub(super) fn resolve(&mut self, document: &Document, written: &[(Id, Id)]) -> Option<Box<[(Id, Id)]>> {
        let mut entries: Vec<(Id, Id)> = Vec::new();
        for (key, value) in written {
            if is_merge_key(document, *key) {
                self.merge(document, *value, &mut entries);
            }
        }
        let merged = entries.len();
        let merges = written.iter().any(|(key, _)| is_merge_key(document, *key));
        entries.extend(written.iter().filter(|(key, _)| !is_merge_key(document, *key)));
        let distinct = self.distinct(document, &entries, merged);
        (merges || distinct.len() != written.len()).then(|| distinct.into())
    }

    pub(super) fn take_problems(&mut self, path: &str) -> Vec<Problem> {
        self.problems.drain(..).map(|found| found.problem(path)).collect()
    }

    fn merge(&mut self, document: &Document, value: Id, entries: &mut Vec<(Id, Id)>) {
        let value = document.node(value).id;
        match &document.inner(value).kind {
            InnerKind::Mapping { .. } => self.merge_one(document, value, entries),
            InnerKind::Sequence { items, .. } => {
                // Later entries win below, so the sources go in backwards; of one that is named
                // again only its first place can matter.
                let mut seen = FxHashSet::default();
                let first: Vec<Id> = items
                    .iter()
                    .map(|item| document.node(*item).id)
                    .filter(|item| seen.insert(*item))
                    .collect();
                for item in first.into_iter().rev() {
                    self.merge_one(document, item, entries);
                }
            }
            // An alias that leads nowhere, which is reported already.
            InnerKind::Scalar { class: Class::Null, .. }
                if !document.node(value).span().range().is_empty() => {}
            _ => self.problems.push(Found::NoMapping(document.node(value).span())),
        }
    }

    fn merge_one(&mut self, document: &Document, source: Id, entries: &mut Vec<(Id, Id)>) {
        let span = document.node(source).span();
        let InnerKind::Mapping { written, resolved, .. } = &document.inner(source).kind else {
            self.problems.push(Found::NoMapping(span));
            return;
        };
        let added = resolved.as_ref().unwrap_or(written);
        let Some(left) = self.left.checked_sub(added.len() + 1) else {
            self.problems.push(Found::TooLarge(span));
            return;
        };
        self.left = left;
        entries.extend(added.iter().copied());
    }

    /// Of entries with one key the last, at the place of the first. The first `merged` entries come
    /// from elsewhere: to override them is what merging is for, so they are no duplicates.
    fn distinct(&mut self, document: &Document, entries: &[(Id, Id)], merged: usize) -> Vec<(Id, Id)> {
        let mut places: FxHashMap<Identity<'_>, (usize, Option<Id>)> =
            FxHashMap::with_capacity_and_hasher(entries.len(), FxBuildHasher);
        let mut distinct: Vec<(Id, Id)> = Vec::with_capacity(entries.len());
        for (index, (key, value)) in entries.iter().enumerate() {
            let own = (index >= merged).then_some(*key);
            let Some(identity) = identity(document, *key) else {
                distinct.push((*key, *value));
                continue;
            };
            match places.entry(identity) {
                Entry::Vacant(vacant) => {
                    vacant.insert((distinct.len(), own));
                    distinct.push((*key, *value));
                }
                Entry::Occupied(mut occupied) => {
                    let (at, first) = occupied.get_mut();
                    distinct[*at] = (*key, *value);
                    match (*first, own) {
                        (Some(first), Some(second)) => self.duplicate(document, first, second),
                        (None, Some(_)) => *first = own,
                        _ => {}
                    }
                }
            }
        }
        distinct
    }

    fn duplicate(&mut self, document: &Document, first: Id, second: Id) {
        let place = |id: Id| document.span(document.inner(id).start, document.inner(id).end);
        let key = document.node(second).scalar().unwrap_or("").to_owned();
        self.problems.push(Found::Duplicate { key, first: place(first), second: place(second) });
    }
}

impl Found {
    fn problem(self, path: &str) -> Problem {
        match self {
            Self::Duplicate { key, first, second } => {
                let text = format!("the key `{key}` is set twice; this value replaces the first one");
                Problem::at(path, second, text).related(first, "first set here")
            }
            Self::NoMapping(span) => {
                Problem::at(path, span, "only a mapping, or a list of mappings, can be merged with `<<`")
            }
            Self::TooLarge(span) => Problem::at(
                path,
                span,
                "the merge keys of this file add too many entries; this one is left out",
            ),
        }
    }
}

/// What makes two keys the same: the value, not the spelling. Collections are never the same.
#[derive(PartialEq, Eq, Hash)]
enum Identity<'d> {
    Null,
    Integer(i64),
    Float(u64),
    Text(&'d str, &'d str),
}

fn identity(document: &Document, key: Id) -> Option<Identity<'_>> {
    let id = document.node(key).id;
    let inner = document.inner(id);
    let InnerKind::Scalar { value, class, .. } = &inner.kind else {
        return None;
    };
    Some(match class {
        Class::Null => Identity::Null,
        // Python has `True == 1 == 1.0`, so PyYAML has them as one key.
        Class::Bool(value) => Identity::Integer(i64::from(*value)),
        Class::Number => match (scalar::integer(value), scalar::float(value)) {
            (Some(integer), _) => Identity::Integer(integer),
            #[expect(clippy::cast_possible_truncation, reason = "only whole numbers in range come here")]
            (None, Some(float)) if float.fract() == 0.0 && float.abs() < 9.0e15 => {
                Identity::Integer(float as i64)
            }
            (None, Some(float)) => Identity::Float(float.to_bits()),
            (None, None) => Identity::Text("", value),
        },
        Class::String => {
            let tag = inner.tag.as_ref().map_or("", |(tag, _)| tag);
            Identity::Text(if tag.starts_with("!!") { "" } else { tag }, value)
        }
    })
}

/// A plain `<<`, or a key tagged `!!merge`.
fn is_merge_key(document: &Document, key: Id) -> bool {
    let inner = document.inner(key);
    match (&inner.kind, &inner.tag) {
        (InnerKind::Scalar { value, style: Style::Plain, .. }, None) => **value == *"<<",
        (InnerKind::Scalar { .. }, Some((tag, _))) => **tag == *"!!merge",
        _ => false,
    }
}
