//! Edits to a file that keep its comments and style.
//!
//! Every function gives edits that touch the one place they are for; all other bytes stay. Before
//! they are handed out the edited text is read again and compared with what was meant, so where a
//! layout is too unusual to edit there is a [`Refusal`], never a broken file.
//!
//! Values are given as YAML for column 0, in block or flow style; they are indented, or turned into
//! flow style or JSON, as the place needs.

mod flow;
mod keep;
mod layout;
mod render;
mod verify;

use std::fmt;

use super::{InnerKind, Node};
use crate::edit::Edit;
pub use keep::keep_entries;
use layout::Layout;
use render::Value;
use verify::Change;

/// Why an edit cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The place is anchored, so the change would show at its aliases, or it is itself an alias.
    Shared,
    /// The mapping has merge keys or a key twice: which entry counts would be unclear.
    Ambiguous,
    KeyExists,
    NoSuchKey,
    /// The node is no mapping, or no sequence.
    WrongType,
    /// The new value is no single YAML value, or JSON cannot express it.
    Value,
    /// The edited text would not read as meant.
    Layout,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Shared => "the place is shared through an anchor",
            Self::Ambiguous => "the mapping has merge keys or a key twice",
            Self::KeyExists => "the key is there already",
            Self::NoSuchKey => "the key is not there",
            Self::WrongType => "the place holds another type of value",
            Self::Value => "the new value cannot be written there",
            Self::Layout => "the layout of the place is too unusual",
        })
    }
}

impl std::error::Error for Refusal {}

/// Adds `key: value` to a mapping: below the entry `after`, or at the end.
///
/// # Errors
/// See [`Refusal`].
pub fn insert_entry(
    text: &str,
    mapping: Node<'_>,
    key: &str,
    value: &str,
    after: Option<&str>,
) -> Result<Vec<Edit>, Refusal> {
    let keys = entries(mapping)?;
    if keys.iter().any(|(node, _)| node.scalar() == Some(key)) {
        return Err(Refusal::KeyExists);
    }
    let index = match after {
        Some(after) => position(&keys, after)? + 1,
        None => keys.len(),
    };
    let layout = Layout::new(text, mapping);
    let value = Value::new(value, layout.is_json())?;
    let edits = if mapping.is_flow() {
        let entry = format!("{}: {}", layout.key(key), within(&layout, mapping, &value)?);
        let places: Vec<_> = keys.iter().map(|entry| layout.entry(*entry)).collect();
        flow::insert(&layout, mapping, &places, index, &entry)
    } else {
        let before = keys.get(index.wrapping_sub(1)).ok_or(Refusal::Layout)?;
        let column = layout.column(mapping.span().start);
        let step = layout.step(mapping, value.is_sequence());
        let (head, tail) = value.block(column, step, layout.line_break());
        let indent = " ".repeat(column);
        // Entries that stand apart from each other stay so.
        let gap = |at: usize| {
            let next = keys.get(at + 1)?;
            Some(layout.is_apart(layout.end_of_lines(keys.get(at)?.1), layout.entry(*next).start))
        };
        let apart = gap(index - 1).or_else(|| gap(index.checked_sub(2)?)).unwrap_or(false);
        let space = if apart { layout.line_break() } else { "" };
        let new = format!("{space}{}{indent}{}:{head}{tail}", layout.line_break(), layout.key(key));
        vec![layout.lines_at(layout.end_of_lines(before.1), new)]
    };
    verify::checked(text, mapping, &Change::Insert { index, key, value: value.root() }, edits)
}

/// Removes an entry, with the comments about it; the last one leaves `{}` behind.
///
/// Comments about it stand at its end, or right above it at its own indentation and are no heading
/// drawn with lines.
///
/// # Errors
/// See [`Refusal`].
pub fn remove_entry(text: &str, mapping: Node<'_>, key: &str) -> Result<Vec<Edit>, Refusal> {
    let keys = entries(mapping)?;
    let index = position(&keys, key)?;
    let layout = Layout::new(text, mapping);
    let places: Vec<_> = keys.iter().map(|entry| layout.entry(*entry)).collect();
    let edits = if mapping.is_flow() {
        flow::remove(&layout, &places, index)
    } else if keys.len() == 1 {
        vec![layout.edit(mapping.span().range(), "{}")]
    } else {
        let place = places[index].clone();
        let own_line = layout.indentation(place.start).is_some();
        let end = layout.end_of_lines(keys[index].1);
        let range = match places.get(index + 1) {
            // After `- ` the next entry moves up, and a comment above it comes along.
            Some(next) if !own_line => {
                let moved = layout.first_visible(end);
                place.start..moved.min(next.start)
            }
            _ => layout.paragraph(place.start, end),
        };
        vec![layout.edit(range, "")]
    };
    verify::checked(text, mapping, &Change::Remove { index }, edits)
}

/// Removes an item of a sequence, with the comments about it; the last one leaves `[]` behind.
///
/// # Errors
/// See [`Refusal`].
pub fn remove_item(text: &str, sequence: Node<'_>, index: usize) -> Result<Vec<Edit>, Refusal> {
    if !sequence.is_sequence() {
        return Err(Refusal::WrongType);
    }
    unshared(sequence)?;
    let layout = Layout::new(text, sequence);
    let items: Vec<_> = sequence.items().collect();
    let item = *items.get(index).ok_or(Refusal::NoSuchKey)?;
    let edits = if sequence.is_flow() {
        let places: Vec<_> = items.iter().map(|item| layout::place(*item).range()).collect();
        flow::remove(&layout, &places, index)
    } else if items.len() == 1 {
        // Dashes may stand below their key; brackets may not.
        let padded = vec![layout.edit(sequence.span().range(), "  []")];
        let plain = vec![layout.edit(sequence.span().range(), "[]")];
        let change = Change::Remove { index };
        return verify::checked(text, sequence, &change, plain)
            .or_else(|_| verify::checked(text, sequence, &change, padded));
    } else {
        let dash = layout.dash(layout::place(item).range().start).ok_or(Refusal::Layout)?;
        vec![layout.edit(layout.paragraph(dash, layout.end_of_lines(item)), "")]
    };
    verify::checked(text, sequence, &Change::Remove { index }, edits)
}

/// Gives an entry another value, tag included. A comment behind the old value stays.
///
/// # Errors
/// See [`Refusal`].
pub fn replace_value(text: &str, mapping: Node<'_>, key: &str, value: &str) -> Result<Vec<Edit>, Refusal> {
    let keys = entries(mapping)?;
    let index = position(&keys, key)?;
    let (name, old) = keys[index];
    if old.alias_span().is_some() {
        return Err(Refusal::Shared);
    }
    let layout = Layout::new(text, mapping);
    let value = Value::new(value, layout.is_json())?;
    let colon = layout.colon(name).ok_or(Refusal::Layout)?;
    let edits = if mapping.is_flow() {
        let new = within(&layout, mapping, &value)?;
        let range = old.full_span().range();
        let edit = match range.start == colon + 1 {
            true => layout.edit(range.start..layout.past_spaces(range.end), format!(" {new}")),
            false => layout.edit(range, new),
        };
        vec![edit]
    } else {
        let step = layout.step(mapping, value.is_sequence());
        let (head, tail) = value.block(layout.column(mapping.span().start), step, layout.line_break());
        replace_block(&layout, colon + 1, old, &head, &tail)
    };
    verify::checked(text, mapping, &Change::Replace { index, value: value.root() }, edits)
}

/// A value as it stands between the brackets of a collection.
fn within(layout: &Layout<'_>, collection: Node<'_>, value: &Value) -> Result<String, Refusal> {
    match layout.own_lines(collection) {
        Some(column) if layout.is_json() => {
            let step = column.saturating_sub(layout.opening_column(collection)).max(1);
            Ok(render::spread(value.root(), column, step, layout.line_break()))
        }
        _ => value.flow(layout.is_json()),
    }
}

/// The value after a colon gives way to what stands on the key's line (`head`) and below (`tail`).
fn replace_block(layout: &Layout<'_>, start: usize, old: Node<'_>, head: &str, tail: &str) -> Vec<Edit> {
    let mut end = old.full_span().range().end;
    let line_end = layout.line_end(start);
    // Spaces at the end of the last line would be part of a text block there.
    let is_open = end > line_end && end > layout.line_start(end);
    if is_open && layout.past_spaces(end) == layout.line_end(end) {
        end = layout.line_end(end);
    }
    let begins_below = end > start && layout.token_after(start) > line_end;
    if end > line_end && !begins_below {
        return vec![layout.edit(start..end, format!("{head}{tail}"))];
    }
    let (inline, below) =
        if begins_below { (start..start, line_end..end) } else { (start..end, line_end..line_end) };
    if inline.end == below.start {
        return vec![layout.edit(inline.start..below.end, format!("{head}{tail}"))];
    }
    [(inline, head), (below, tail)]
        .into_iter()
        .filter(|(range, new)| !(range.is_empty() && new.is_empty()))
        .map(|(range, new)| layout.edit(range, new))
        .collect()
}

/// Adds an item to the end of a sequence.
///
/// # Errors
/// See [`Refusal`].
pub fn append_item(text: &str, sequence: Node<'_>, value: &str) -> Result<Vec<Edit>, Refusal> {
    if !sequence.is_sequence() {
        return Err(Refusal::WrongType);
    }
    unshared(sequence)?;
    let layout = Layout::new(text, sequence);
    let value = Value::new(value, layout.is_json())?;
    let items: Vec<_> = sequence.items().collect();
    let edits = if sequence.is_flow() {
        let places: Vec<_> = items.iter().map(|item| layout::place(*item).range()).collect();
        flow::insert(&layout, sequence, &places, items.len(), &within(&layout, sequence, &value)?)
    } else {
        let last = items.last().ok_or(Refusal::Layout)?;
        let indent = " ".repeat(layout.column(sequence.span().start));
        let item = value.item(indent.len(), layout.line_break());
        vec![layout.lines_at(layout.end_of_lines(*last), format!("{}{indent}- {item}", layout.line_break()))]
    };
    verify::checked(text, sequence, &Change::Append { value: value.root() }, edits)
}

/// The text with the edits made; `None` where two of them overlap.
pub fn applied(text: &str, edits: &[Edit]) -> Option<String> {
    verify::apply(text, edits)
}

/// The entries of a mapping that may be edited.
fn entries(mapping: Node<'_>) -> Result<Vec<(Node<'_>, Node<'_>)>, Refusal> {
    let InnerKind::Mapping { resolved, .. } = &mapping.inner().kind else {
        return Err(Refusal::WrongType);
    };
    if resolved.is_some() {
        return Err(Refusal::Ambiguous);
    }
    unshared(mapping)?;
    Ok(mapping.entries_as_written().collect())
}

/// Neither the node nor a collection around it is named by an alias.
fn unshared(node: Node<'_>) -> Result<(), Refusal> {
    let span = node.span();
    let around = |inner: &&super::Inner| inner.shared && inner.start <= span.start && span.end <= inner.end;
    if node.document.nodes.iter().find(around).is_some() { Err(Refusal::Shared) } else { Ok(()) }
}

fn position(entries: &[(Node<'_>, Node<'_>)], key: &str) -> Result<usize, Refusal> {
    entries.iter().position(|(node, _)| node.scalar() == Some(key)).ok_or(Refusal::NoSuchKey)
}

#[cfg(test)]
mod tests;
