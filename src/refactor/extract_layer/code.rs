//! A module whose code is moved: its statements, and the lines they stand on.

use crate::graph::App;
use crate::graph::clones::Place;
use crate::outline::{Outline, Piece};
use crate::refactor::Refusal;
use crate::source::{SourceId, Span};

pub(super) struct File<'a> {
    pub source: SourceId,
    pub text: &'a str,
    pub outline: &'a Outline,
    /// Indices of the statements of the module that are copies.
    pub copies: Vec<usize>,
}

impl<'a> File<'a> {
    pub fn of(app: &'a App<'a>, place: &Place) -> Result<Self, Refusal> {
        let lost = || Refusal::new(place.span, "its statements were not found again");
        let outline = app.graph.outlines.get(&place.source).ok_or_else(lost)?;
        let at = |span: &Span| {
            outline.module().iter().position(|piece| (piece.start, piece.end) == (span.start, span.end))
        };
        let copies: Option<Vec<usize>> = place.spans.iter().map(at).collect();
        let text = app.sources.text(place.source);
        Ok(Self { source: place.source, text, outline, copies: copies.ok_or_else(lost)? })
    }

    /// A whole module.
    pub fn of_module(app: &'a App<'a>, source: SourceId) -> Option<Self> {
        let outline = app.graph.outlines.get(&source)?;
        let copies = (0..outline.module().len()).collect();
        Some(Self { source, text: app.sources.text(source), outline, copies })
    }

    pub fn piece(&self, index: usize) -> &'a Piece {
        &self.outline.module()[index]
    }

    pub fn slice(&self, piece: &Piece) -> &'a str {
        self.text.get(piece.start as usize..piece.end as usize).unwrap_or_default()
    }

    pub fn span(&self, piece: &Piece) -> Span {
        Span { source: self.source, start: piece.start, end: piece.end }
    }

    pub fn names<'f>(&'f self, numbers: &'f [u32]) -> impl Iterator<Item = &'f str> {
        numbers.iter().map(|number| self.outline.name(*number))
    }

    /// The statements of the module that bind a name.
    pub fn binding(&self, name: &str) -> Vec<usize> {
        let binds = |piece: &Piece| self.names(&piece.binds).any(|bound| bound == name);
        self.outline.module().iter().enumerate().filter(|(_, piece)| binds(piece)).map(|(at, _)| at).collect()
    }

    /// The lines of a statement with the comments right above it; refused where it shares them.
    pub fn lines(&self, piece: &Piece) -> Result<std::ops::Range<usize>, Refusal> {
        let (start, end) = (piece.start as usize, piece.end as usize);
        let line_start = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = self.text[end..].find('\n').map_or(self.text.len(), |at| end + at + 1);
        let behind = self.text[end..line_end].trim();
        if line_start != start || !(behind.is_empty() || behind.starts_with('#')) {
            return Err(Refusal::new(self.span(piece), "it shares a line with another statement"));
        }
        let mut from = line_start;
        while let Some(above) = self.text[..from].strip_suffix('\n') {
            let at = above.rfind('\n').map_or(0, |at| at + 1);
            if !above[at..].starts_with('#') || above[at..].starts_with("#!") {
                break;
            }
            from = at;
        }
        Ok(from..line_end)
    }
}

/// A text without some of its lines, and no more than two empty ones in a row.
pub(super) fn without(text: &str, mut cut: Vec<std::ops::Range<usize>>) -> String {
    cut.sort_by_key(|range| range.start);
    let mut kept = String::new();
    let mut at = 0;
    for range in cut {
        kept.push_str(text.get(at..range.start.max(at)).unwrap_or_default());
        at = at.max(range.end);
    }
    kept.push_str(text.get(at..).unwrap_or_default());
    tidy(&kept)
}

/// No empty lines at the start, two between statements, none but a line's end at the end.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::new();
    let mut empty = 0;
    for line in text.lines() {
        if line.trim().is_empty() {
            empty += 1;
            continue;
        }
        if !out.is_empty() {
            (0..empty.min(2)).for_each(|_| out.push('\n'));
        }
        empty = 0;
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Whether a text has a name, as a word.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    let part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(name)
        .any(|(at, _)| !text[..at].ends_with(part) && !text[at + name.len()..].starts_with(part))
}
