//! Lines, columns and indentation of the text around a node.

use std::ops::Range;

use super::super::parse::token_after;
use super::super::{Document, InnerKind, Node, Style};
use super::render;
use crate::edit::Edit;
use crate::source::Span;

pub(super) struct Layout<'t> {
    text: &'t str,
    document: &'t Document,
    line_break: &'static str,
    json: bool,
}

/// The bytes a node takes where it stands: an alias, or tag and content.
pub(super) fn place(node: Node<'_>) -> Span {
    node.alias_span().unwrap_or(node.full_span())
}

impl<'t> Layout<'t> {
    pub(super) fn new(text: &'t str, node: Node<'t>) -> Self {
        let crlf = text.find('\n').is_some_and(|at| text[..at].ends_with('\r'));
        let document = node.document;
        let json = document.root().is_some_and(|root| {
            let mut keys = root.entries_as_written().map(|(key, _)| key.style());
            root.is_flow() && keys.len() > 0 && keys.all(|style| style == Some(Style::DoubleQuoted))
        });
        Self { text, document, line_break: if crlf { "\r\n" } else { "\n" }, json }
    }

    pub(super) fn edit(&self, range: Range<usize>, new: impl Into<String>) -> Edit {
        Edit { span: Span::new(self.document.source(), range.start, range.end), text: new.into() }
    }

    /// New lines behind the line that ends at `at`. At the end of a file without a last line break,
    /// a text block among them needs one.
    pub(super) fn lines_at(&self, at: usize, mut new: String) -> Edit {
        if at == self.text.len() && new.trim_start().contains('\n') {
            new.push_str(self.line_break);
        }
        self.edit(at..at, new)
    }

    pub(super) fn line_break(&self) -> &'static str {
        self.line_break
    }

    /// Whether the file is JSON, and new text must be, too.
    pub(super) fn is_json(&self) -> bool {
        self.json
    }

    /// A key as this file writes it.
    pub(super) fn key(&self, key: &str) -> String {
        if !self.json && render::is_plain(key) { key.to_owned() } else { render::quoted(key) }
    }

    /// An entry from its key to the end of its value.
    pub(super) fn entry(&self, (key, value): (Node<'_>, Node<'_>)) -> Range<usize> {
        place(key).range().start..place(value).range().end.max(place(key).range().end)
    }

    /// The colon behind a key.
    pub(super) fn colon(&self, key: Node<'_>) -> Option<usize> {
        let at = token_after(self.text, place(key).range().end);
        (self.byte(at) == Some(b':')).then_some(at)
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        // A byte order mark is no part of the first line.
        let first = self.text.len() - self.text.trim_start_matches('\u{feff}').len();
        self.text[..at].rfind('\n').map_or(first, |found| found + 1)
    }

    /// The end of the line that holds `at`, before its line break.
    pub(super) fn line_end(&self, at: usize) -> usize {
        self.text[at..].find(['\r', '\n']).map_or(self.text.len(), |found| at + found)
    }

    /// The start of the line after the one that holds `at`.
    pub(super) fn next_line(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |found| at + found + 1)
    }

    pub(super) fn past_spaces(&self, at: usize) -> usize {
        self.text.len() - self.text[at..].trim_start_matches(' ').len()
    }

    /// The first byte from `at` on that is no white space, be it a comment's.
    pub(super) fn first_visible(&self, at: usize) -> usize {
        self.text.len() - self.text[at..].trim_start().len()
    }

    /// The first byte from `at` on that is neither white space nor part of a comment.
    pub(super) fn token_after(&self, at: usize) -> usize {
        token_after(self.text, at)
    }

    /// Whether nothing but a comment follows on the line.
    pub(super) fn ends_line(&self, at: usize) -> bool {
        let rest = self.text[at..self.line_end(at)].trim_start();
        rest.is_empty() || rest.starts_with('#')
    }

    /// Characters before `at` on its line.
    pub(super) fn column(&self, at: u32) -> usize {
        self.text[self.line_start(at as usize)..at as usize].chars().count()
    }

    /// Whole lines of what starts its line at `start` and ends in the one of `end`, with the comments
    /// right above it. Of empty lines on both sides one goes.
    pub(super) fn paragraph(&self, start: usize, end: usize) -> Range<usize> {
        let column = start - self.line_start(start);
        let mut from = self.line_start(start);
        while let Some(above) = self.line_above(from) {
            let line = &self.text[above..from];
            let own = line.len() - line.trim_start().len() == column && line.trim_start().starts_with('#');
            if !own || is_drawn(line) {
                break;
            }
            from = above;
        }
        // Below a heading everything above belongs to several entries.
        if self.line_above(from).is_some_and(|above| is_drawn(&self.text[above..from])) {
            from = self.line_start(start);
        }
        let to = self.next_line(end);
        let empty_below = to < self.text.len() && self.text[to..self.next_line(to)].trim().is_empty();
        let Some(above) = self.line_above(from) else { return from..to };
        let line = &self.text[above..from];
        if line.trim().is_empty() && (empty_below || to == self.text.len()) {
            return above..to;
        }
        // The first of its collection has the key of the collection above it.
        let is_first = line.len() - line.trim_start().len() < column && !line.trim().is_empty();
        from..if is_first && empty_below { self.next_line(to) } else { to }
    }

    /// The start of the line before the one that starts at `at`.
    fn line_above(&self, at: usize) -> Option<usize> {
        (at > self.line_start(0)).then(|| self.line_start(at - 1))
    }

    /// The dash of an item that begins at `at`, where it stands first on its line.
    pub(super) fn dash(&self, at: usize) -> Option<usize> {
        let before = self.text[..at].trim_end();
        let dash = before.len().checked_sub(1).filter(|_| before.ends_with('-'))?;
        self.indentation(dash).map(|_| dash)
    }

    /// The white space before `at`, when there is nothing else on its line.
    pub(super) fn indentation(&self, at: usize) -> Option<&str> {
        let before = &self.text[self.line_start(at)..at];
        before.trim().is_empty().then_some(before)
    }

    /// Whether an empty line stands right behind the line that ends at `end`, before `next`.
    pub(super) fn is_apart(&self, end: usize, next: usize) -> bool {
        let below = self.next_line(end);
        below < next && self.text[below..self.next_line(below)].trim().is_empty()
    }

    /// The column of the parts of a flow collection, where each has a line of its own.
    pub(super) fn own_lines(&self, collection: Node<'_>) -> Option<usize> {
        let first = collection.entries_as_written().next().map(|(key, _)| key);
        let first = first.or_else(|| collection.items().next())?;
        self.indentation(place(first).range().start).map(str::len)
    }

    /// The column of the first visible character on the line where a collection begins.
    pub(super) fn opening_column(&self, collection: Node<'_>) -> usize {
        let line = &self.text[self.line_start(collection.span().range().start)..];
        line.len() - line.trim_start_matches(' ').len()
    }

    /// The end of the last line of a value in block style, comment included. Of a text block that
    /// keeps its empty lines these are part.
    pub(super) fn end_of_lines(&self, node: Node<'_>) -> usize {
        let end = self.line_end(place(node).range().end);
        let last = last_scalar(node);
        let keeps = last.as_str().is_some_and(|text| text.ends_with("\n\n") || text == "\n");
        if keeps && matches!(last.style(), Some(Style::Literal | Style::Folded)) {
            let visible = self.first_visible(end);
            return self.line_start(visible).saturating_sub(self.line_break.len()).max(end);
        }
        end
    }

    /// How far values are indented below a mapping's keys: as its other values are, else as elsewhere
    /// in the file.
    pub(super) fn step(&self, mapping: Node<'_>, sequence: bool) -> usize {
        let of = |mapping: Node<'_>| {
            let own = self.column(mapping.span().start);
            mapping
                .entries_as_written()
                .map(|(_, value)| value)
                .filter(|value| value.alias_span().is_none() && !value.is_flow())
                .filter(|value| if sequence { value.is_sequence() } else { value.is_mapping() })
                .find_map(|value| self.column(value.span().start).checked_sub(own))
        };
        let others = || {
            let blocks = self.document.nodes.iter().enumerate();
            blocks
                .filter(|(_, inner)| matches!(inner.kind, InnerKind::Mapping { flow: false, .. }))
                .filter_map(|(id, _)| Some(self.document.node(u32::try_from(id).ok()?)))
                .find_map(of)
        };
        of(mapping).or_else(others).unwrap_or(2)
    }
}

/// Whether a comment is a heading's rule: `# -----`.
pub(super) fn is_drawn(line: &str) -> bool {
    let Some(comment) = line.trim().strip_prefix('#') else { return false };
    ["---", "===", "###", "***", "~~~"].iter().any(|drawn| comment.contains(drawn))
}

fn last_scalar(node: Node<'_>) -> Node<'_> {
    let mut node = node;
    loop {
        let last = node
            .items()
            .next_back()
            .or_else(|| node.entries_as_written().next_back().map(|(_, value)| value));
        match last {
            Some(last) if !node.is_flow() && last.alias_span().is_none() => node = last,
            _ => return node,
        }
    }
}
