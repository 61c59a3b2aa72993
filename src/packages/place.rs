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

/// Where a part of a text stands in it.
pub fn part(source: SourceId, text: &str, part: &str) -> Span {
    let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    Span::new(source, start, start + part.len())
}
