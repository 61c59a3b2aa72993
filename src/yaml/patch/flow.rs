//! Edits between brackets: commas, and entries on lines of their own.

use std::ops::Range;

use super::super::Node;
use super::layout::Layout;
use crate::edit::Edit;

/// Puts `new` before the place `index`, or behind the last one.
pub(super) fn insert(
    layout: &Layout<'_>,
    collection: Node<'_>,
    places: &[Range<usize>],
    index: usize,
    new: &str,
) -> Vec<Edit> {
    let Some(last) = places.last() else {
        let inside = collection.span().range().start + 1;
        return vec![layout.edit(inside..inside, new)];
    };
    let separator = |place: &Range<usize>| {
        let indent = layout.indentation(place.start);
        indent.map_or_else(|| " ".to_owned(), |indent| format!("{}{indent}", layout.line_break()))
    };
    if let Some(next) = places.get(index) {
        return vec![layout.edit(next.start..next.start, format!("{new},{}", separator(next)))];
    }
    let separator = separator(last);
    let comma = comma(layout, last);
    let end = comma.map_or(last.end, |comma| comma + 1);
    if separator == " " || !layout.ends_line(end) {
        let comma = if comma.is_some() { "" } else { "," };
        return vec![layout.edit(end..end, format!("{comma}{separator}{new}"))];
    }
    // A comment behind the last entry stays with it: comma before, new line after.
    let line_end = layout.line_end(end);
    let entry = format!("{separator}{new}");
    match comma {
        Some(_) => vec![layout.edit(line_end..line_end, entry)],
        None if line_end == end => vec![layout.edit(end..end, format!(",{entry}"))],
        None => vec![layout.edit(end..end, ","), layout.edit(line_end..line_end, entry)],
    }
}

/// Takes the entry `index` out, with its comma.
pub(super) fn remove(layout: &Layout<'_>, places: &[Range<usize>], index: usize) -> Vec<Edit> {
    let place = &places[index];
    let comma_here = comma(layout, place);
    let end = comma_here.map_or(place.end, |comma| comma + 1);
    let own_lines = layout.indentation(place.start).is_some() && layout.ends_line(end);
    let lines = layout.line_start(place.start)..layout.next_line(end);
    let previous = index.checked_sub(1).and_then(|before| places.get(before));
    match (places.get(index + 1), previous) {
        (Some(_), _) if own_lines => vec![layout.edit(lines, "")],
        (Some(next), _) => vec![layout.edit(place.start..next.start, "")],
        (None, Some(previous)) if own_lines && comma_here.is_none() => {
            let comma = comma(layout, previous).map(|at| layout.edit(at..at + 1, ""));
            comma.into_iter().chain([layout.edit(lines, "")]).collect()
        }
        (None, Some(_)) if own_lines => vec![layout.edit(lines, "")],
        (None, Some(previous)) => vec![layout.edit(previous.end..place.end, "")],
        (None, None) => vec![layout.edit(place.start..end, "")],
    }
}

fn comma(layout: &Layout<'_>, place: &Range<usize>) -> Option<usize> {
    let at = layout.token_after(place.end);
    (layout.byte(at) == Some(b',')).then_some(at)
}
