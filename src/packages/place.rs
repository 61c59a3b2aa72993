//! Places in texts whose readers keep none.

use crate::source::{SourceId, Span};

/// Where a JSON text has a key, after another key; the whole text where it has not.
pub fn key(source: SourceId, text: &str, after: &str, key: &str) -> Span {
    let whole = Span::new(source, 0, text.len());
    let Some(start) = text.find(&format!("\"{after}\"")) else { return whole };
    let wanted = format!("\"{key}\"");
    let found = text[start..].match_indices(&wanted).map(|(at, _)| start + at);
    let mut keys = found.filter(|at| text[at + wanted.len()..].trim_start().starts_with(':'));
    keys.next().map_or(whole, |at| Span::new(source, at, at + wanted.len()))
}

/// Finds one thing after the other in a text, so that all of them cost one look at it.
pub struct Cursor<'t> {
    source: SourceId,
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub fn new(source: SourceId, text: &'t str) -> Self {
        Self { source, text, at: 0 }
    }

    /// The next place of a text; where the last one was if there is none.
    pub fn next(&mut self, wanted: &str) -> Span {
        match self.text[self.at..].find(wanted) {
            Some(found) => {
                let start = self.at + found;
                self.at = start + wanted.len();
                Span::new(self.source, start, self.at)
            }
            None => Span::new(self.source, self.at, self.at),
        }
    }
}

/// Where a part of a text stands in it.
pub fn part(source: SourceId, text: &str, part: &str) -> Span {
    let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    Span::new(source, start, start + part.len())
}
