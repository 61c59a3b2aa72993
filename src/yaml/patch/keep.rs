//! Taking many entries of a mapping away at once, with the comments about them.

use std::ops::Range;

use super::super::Node;
use super::layout::{self, Layout, is_drawn};
use super::verify::{self, Change};
use super::{Refusal, entries};
use crate::edit::Edit;

/// Leaves only the entries of a mapping that are wanted; where none is, `{}`.
///
/// Comments right above an entry go with it. A heading, set off by lines or by an empty line, goes with
/// the last of the entries below it.
///
/// # Errors
/// See [`Refusal`].
pub fn keep_entries(
    text: &str,
    mapping: Node<'_>,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<Edit>, Refusal> {
    let all = entries(mapping)?;
    let gone: Vec<usize> =
        (0..all.len()).filter(|index| !all[*index].0.scalar().is_some_and(wanted)).collect();
    if gone.is_empty() {
        return Ok(Vec::new());
    }
    let layout = Layout::new(text, mapping);
    let ranges = if gone.len() == all.len() {
        let edits = vec![layout.edit(mapping.span().range(), "{}")];
        return verify::checked(text, mapping, &Change::RemoveAll { indices: &gone }, edits);
    } else if mapping.is_flow() {
        in_brackets(&layout, &all, &gone)
    } else {
        in_lines(text, &layout, mapping, &all, &gone)?
    };
    let edits = ranges.into_iter().map(|range| layout.edit(range, "")).collect();
    verify::checked(text, mapping, &Change::RemoveAll { indices: &gone }, edits)
}

/// Up to the next entry that stays, or from the one before to the end.
fn in_brackets(layout: &Layout<'_>, all: &[(Node<'_>, Node<'_>)], gone: &[usize]) -> Vec<Range<usize>> {
    let places: Vec<_> = all.iter().map(|entry| layout.entry(*entry)).collect();
    let mut ranges = Vec::new();
    let mut at = 0;
    while at < gone.len() {
        let first = gone[at];
        let mut last = first;
        while gone.get(at + 1) == Some(&(last + 1)) {
            at += 1;
            last += 1;
        }
        at += 1;
        ranges.push(match places.get(last + 1) {
            Some(next) => places[first].start..next.start,
            None => places[first - 1].end..places[last].end,
        });
    }
    ranges
}

/// An entry in lines of its own.
struct Block {
    /// Behind the entry before.
    lead: usize,
    /// Its own comments, or its key.
    own: usize,
    end: usize,
    /// Something stands between the entry before and its own comments.
    headed: bool,
}

fn in_lines(
    text: &str,
    layout: &Layout<'_>,
    mapping: Node<'_>,
    all: &[(Node<'_>, Node<'_>)],
    gone: &[usize],
) -> Result<Vec<Range<usize>>, Refusal> {
    let is_root = mapping.document.root().is_some_and(|root| root.id() == mapping.id());
    let mut blocks: Vec<Block> = Vec::new();
    for (key, value) in all {
        let start = layout::place(*key).range().start;
        layout.indentation(start).ok_or(Refusal::Layout)?;
        let column = start - layout.line_start(start);
        let start = layout.line_start(start);
        let lead = match blocks.last() {
            Some(before) => before.end,
            None if is_root => start,
            None => above(text, layout, start, |line| line.is_empty() || line.starts_with('#')),
        };
        let own = own_comments(text, layout, lead, start, column);
        let headed = text[lead..own].lines().any(|line| !line.trim().is_empty());
        let mut end = layout.next_line(layout.end_of_lines(*value));
        // What is commented out at the end of an entry is deeper than its key.
        while text[end..].lines().next().is_some_and(|line| {
            line.trim_start().starts_with('#') && line.len() - line.trim_start().len() > column
        }) {
            end = layout.next_line(end);
        }
        blocks.push(Block { lead, own, end, headed });
    }
    let stays = |index: &usize| !gone.contains(index);
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut group = 0..0;
    for index in 0..blocks.len() {
        if index >= group.end {
            let next = (index + 1..blocks.len()).find(|later| blocks[*later].headed);
            group = index..next.unwrap_or(blocks.len());
        }
        if stays(&index) {
            continue;
        }
        let block = &blocks[index];
        let keeps_heading = block.headed && group.clone().any(|one| stays(&one));
        let start = if keeps_heading { block.own } else { block.lead };
        match ranges.last_mut() {
            Some(last) if last.end == start => last.end = block.end,
            _ => ranges.push(start..block.end),
        }
    }
    Ok(ranges.into_iter().map(|range| without_gap(text, layout, range)).collect())
}

/// The start of the lines above that are as asked.
fn above(text: &str, layout: &Layout<'_>, mut from: usize, fits: impl Fn(&str) -> bool) -> usize {
    while from > layout.line_start(0) {
        let start = layout.line_start(from - 1);
        if !fits(text[start..from].trim()) {
            break;
        }
        from = start;
    }
    from
}

/// Where the comments right above a key begin, which are about it.
fn own_comments(text: &str, layout: &Layout<'_>, lead: usize, key: usize, column: usize) -> usize {
    let mut from = key;
    while from > lead {
        let start = layout.line_start(from - 1);
        let line = &text[start..from];
        let own = line.trim_start().starts_with('#') && line.len() - line.trim_start().len() == column;
        if own && is_drawn(line) {
            return key;
        }
        if !own || start < lead {
            break;
        }
        from = start;
    }
    from
}

/// Of the empty lines on both sides of what goes, those below go, too.
fn without_gap(text: &str, layout: &Layout<'_>, range: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = range;
    let before = text[..start].lines().next_back().map(str::trim).unwrap_or_default();
    if before.is_empty() || before.starts_with('#') || before.ends_with(':') {
        while end < text.len() && text[end..layout.next_line(end)].trim().is_empty() {
            end = layout.next_line(end);
        }
    }
    if end >= text.len() {
        start = above(text, layout, start, str::is_empty);
    }
    start..end
}
