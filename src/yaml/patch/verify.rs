//! Reads an edited text again and compares it with what was meant.

use super::super::{Kind, Node, NodeId, parse};
use super::Refusal;
use crate::edit::Edit;

/// What an edit is meant to do to one collection.
pub(super) enum Change<'v> {
    Insert { index: usize, key: &'v str, value: Node<'v> },
    Remove { index: usize },
    RemoveAll { indices: &'v [usize] },
    Replace { index: usize, value: Node<'v> },
    Append { value: Node<'v> },
}

/// The edits, when the text they lead to reads as the old tree with just this change.
pub(super) fn checked(
    text: &str,
    target: Node<'_>,
    change: &Change<'_>,
    edits: Vec<Edit>,
) -> Result<Vec<Edit>, Refusal> {
    let edited = apply(text, &edits).ok_or(Refusal::Layout)?;
    let source = target.document.source();
    let (_, before) = parse(source, "", text);
    let (document, after) = parse(source, "", &edited);
    let (Some(old), Some(new)) = (target.document.root(), document.root()) else {
        return Err(Refusal::Layout);
    };
    let meant = Meant { target: target.id(), change };
    if after.len() <= before.len() && meant.same(old, new) { Ok(edits) } else { Err(Refusal::Layout) }
}

/// The text with the edits made; `None` when two of them overlap.
pub(super) fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len() + 64);
    let mut done = 0;
    for edit in edits {
        let range = edit.span.range();
        out.push_str(text.get(done..range.start)?);
        out.push_str(&edit.text);
        done = range.end;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

struct Meant<'c> {
    target: NodeId,
    change: &'c Change<'c>,
}

impl Meant<'_> {
    /// Whether `new` is `old` with the change made where the target stands.
    fn same(&self, old: Node<'_>, new: Node<'_>) -> bool {
        // What an alias names is compared where its anchor is.
        if old.alias_span().is_some() || new.alias_span().is_some() {
            return old.alias_span().is_some() == new.alias_span().is_some();
        }
        if old.tag() != new.tag() || !same_type(old, new) {
            return false;
        }
        if old.id() == self.target {
            return self.changed(old, new);
        }
        let entries = old.entries_as_written().len() == new.entries_as_written().len()
            && old
                .entries_as_written()
                .zip(new.entries_as_written())
                .all(|(old, new)| self.same(old.0, new.0) && self.same(old.1, new.1));
        entries
            && old.items().len() == new.items().len()
            && old.items().zip(new.items()).all(|(old, new)| self.same(old, new))
    }

    fn changed(&self, old: Node<'_>, new: Node<'_>) -> bool {
        if let Change::Append { value } = self.change {
            let mut items = new.items();
            let last = items.next_back();
            return items.len() == old.items().len()
                && old.items().zip(items).all(|(old, new)| self.same(old, new))
                && last.is_some_and(|last| equal(*value, last));
        }
        if let Change::Remove { index } = self.change
            && old.is_sequence()
        {
            let left = old.items().enumerate().filter(|(at, _)| at != index).map(|(_, item)| item);
            return new.items().len() + 1 == old.items().len()
                && left.zip(new.items()).all(|(old, new)| self.same(old, new));
        }
        let mut old: Vec<_> = old.entries_as_written().collect();
        let mut new: Vec<_> = new.entries_as_written().collect();
        let fits = match self.change {
            Change::Insert { index, key, value } => {
                *index < new.len() && {
                    let (name, inserted) = new.remove(*index);
                    name.as_str() == Some(*key) && equal(*value, inserted)
                }
            }
            Change::Remove { index } => {
                old.remove(*index);
                true
            }
            Change::RemoveAll { indices } => {
                let mut at = 0..;
                old.retain(|_| at.next().is_some_and(|index| !indices.contains(&index)));
                true
            }
            Change::Replace { index, value } => {
                *index < new.len() && {
                    let (name, _) = old.remove(*index);
                    let (new_name, replaced) = new.remove(*index);
                    self.same(name, new_name) && equal(*value, replaced)
                }
            }
            Change::Append { .. } => false,
        };
        fits && old.len() == new.len()
            && old.iter().zip(&new).all(|(old, new)| self.same(old.0, new.0) && self.same(old.1, new.1))
    }
}

/// Whether a written value reads as the wanted one; aliases are followed.
fn equal(wanted: Node<'_>, written: Node<'_>) -> bool {
    wanted.tag() == written.tag()
        && same_type(wanted, written)
        && wanted.items().len() == written.items().len()
        && wanted.items().zip(written.items()).all(|(wanted, written)| equal(wanted, written))
        && wanted.entries().len() == written.entries().len()
        && wanted
            .entries()
            .zip(written.entries())
            .all(|(wanted, written)| equal(wanted.0, written.0) && equal(wanted.1, written.1))
}

/// Scalars by value, collections by kind.
fn same_type(one: Node<'_>, other: Node<'_>) -> bool {
    match (one.kind(), other.kind()) {
        (Kind::Number(a), Kind::Number(b)) => {
            a == b || one.as_i64() == other.as_i64() && one.as_f64() == other.as_f64()
        }
        (a, b) => a == b,
    }
}
