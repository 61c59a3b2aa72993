//! Where the characters of a scalar stand in the file, for scalars that hold a document of their own.
//!
//! An edit of the text inside becomes an edit of the file: indented as the lines of the scalar are, or
//! escaped as its quotes want it.

use std::ops::Range;

use super::{Node, Style};
use crate::edit::Edit;
use crate::source::{SourceId, Span};

/// The text of a scalar, with the place of each byte.
#[derive(Clone, Debug)]
pub struct Spelled {
    source: SourceId,
    text: String,
    /// Where each byte begins in the file, and at last where the scalar ends.
    at: Vec<u32>,
    writing: Writing,
}

/// How text is written there.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Writing {
    /// Lines behind an indentation.
    Lines {
        indent: String,
        line_break: &'static str,
    },
    SingleQuoted,
    DoubleQuoted,
}

impl Spelled {
    /// `None` for plain and folded texts, and for quoted ones that go over several lines: their line breaks
    /// are none of the text.
    pub fn of(text: &str, node: Node<'_>) -> Option<Self> {
        if node.alias_span().is_some() || node.inner().shared {
            return None;
        }
        let span = node.span();
        let raw = text.get(span.range())?;
        let found = match node.style()? {
            Style::Literal => lines(text, span)?,
            Style::SingleQuoted => quoted(raw, span, Writing::SingleQuoted, |rest| {
                if rest.starts_with("''") { Some(('\'', 2)) } else { None }
            })?,
            Style::DoubleQuoted => quoted(raw, span, Writing::DoubleQuoted, escaped)?,
            Style::Plain | Style::Folded => return None,
        };
        let read = node.scalar()?;
        (found.text.trim_end_matches('\n') == read.trim_end_matches('\n')).then_some(found)
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the file for a part of the text.
    pub fn span(&self, part: Range<usize>) -> Span {
        Span::new(self.source, self.place(part.start), self.place(part.end))
    }

    /// Where a place of the file stands in the text.
    pub fn inside(&self, place: u32) -> Option<usize> {
        let (first, last) = (self.at.first()?, self.at.last()?);
        let found = self.at.partition_point(|at| *at < place);
        (*first <= place && place <= *last).then_some(found)
    }

    /// Edits of the file that make these edits of the text; `None` where it cannot be written there.
    pub fn edits(&self, edits: &[Edit]) -> Option<Vec<Edit>> {
        edits.iter().map(|edit| self.edit(edit)).collect()
    }

    fn edit(&self, edit: &Edit) -> Option<Edit> {
        let range = edit.span.range();
        let mut span = self.span(range.clone());
        let text = match &self.writing {
            Writing::Lines { indent, line_break } => {
                let behind = self.text.get(range.end..)?;
                let begins_line = self.text.get(..range.start)?.ends_with('\n');
                if begins_line && edit.text.is_empty() && (behind.is_empty() || behind.starts_with('\n')) {
                    // The line that is left is empty, so its indentation goes, too.
                    span.start = span.start.checked_sub(u32::try_from(indent.len()).ok()?)?;
                }
                let mut out = String::new();
                let mut rest = edit.text.as_str();
                while let Some((line, more)) = rest.split_once('\n') {
                    out.push_str(line);
                    out.push_str(line_break);
                    let next = if more.is_empty() { behind } else { more };
                    // Empty lines stay empty.
                    if !next.is_empty() && !next.starts_with('\n') {
                        out.push_str(indent);
                    }
                    rest = more;
                }
                out + rest
            }
            Writing::SingleQuoted if edit.text.contains('\n') => return None,
            Writing::SingleQuoted => edit.text.replace('\'', "''"),
            Writing::DoubleQuoted => {
                let quoted = serde_json::Value::from(edit.text.as_str()).to_string();
                quoted.get(1..quoted.len().checked_sub(1)?)?.to_owned()
            }
        };
        Some(Edit { span, text })
    }

    fn place(&self, at: usize) -> usize {
        self.at.get(at).or(self.at.last()).map_or(0, |place| *place as usize)
    }
}

/// The lines of a literal block.
fn lines(text: &str, span: Span) -> Option<Spelled> {
    let first = text[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    // The span may begin with the first line or with its first visible character.
    let begins = text[first..span.start as usize].trim().is_empty().then_some(first)?;
    let body = text.get(begins..span.end as usize)?;
    let shown = body.lines().find(|line| !line.trim().is_empty())?;
    let indent = &shown[..shown.len() - shown.trim_start_matches(' ').len()];
    let line_break = if body.contains("\r\n") { "\r\n" } else { "\n" };
    let mut found = Spelled {
        source: span.source,
        text: String::new(),
        at: Vec::new(),
        writing: Writing::Lines { indent: indent.to_owned(), line_break },
    };
    let mut place = begins;
    for line in body.split_inclusive('\n') {
        let shown = line.trim_end_matches(['\n', '\r']);
        let cut = match shown.strip_prefix(indent) {
            Some(_) => indent.len(),
            None if shown.trim().is_empty() => shown.len(),
            None => return None,
        };
        found.push(&shown[cut..], place + cut);
        if line.ends_with('\n') {
            found.push("\n", place + shown.len());
        }
        place += line.len();
    }
    found.at.push(u32::try_from(place).ok()?);
    Some(found)
}

/// A quoted text of one line. `unescape` gives the character that a sequence stands for, and its length.
fn quoted(
    raw: &str,
    span: Span,
    writing: Writing,
    unescape: fn(&str) -> Option<(char, usize)>,
) -> Option<Spelled> {
    let inside = raw.get(1..raw.len().checked_sub(1)?)?;
    if inside.contains(['\n', '\r']) {
        return None;
    }
    let mut found = Spelled { source: span.source, text: String::new(), at: Vec::new(), writing };
    let mut at = 0;
    while let Some(next) = inside[at..].chars().next() {
        let (character, length) = unescape(&inside[at..]).unwrap_or((next, next.len_utf8()));
        found.push_char(character, span.start as usize + 1 + at);
        at += length;
    }
    found.at.push(span.end.checked_sub(1)?);
    Some(found)
}

/// A sequence that begins with a backslash, as JSON has it.
fn escaped(rest: &str) -> Option<(char, usize)> {
    let code = rest.strip_prefix('\\')?.chars().next()?;
    Some(match code {
        'n' => ('\n', 2),
        't' => ('\t', 2),
        'r' => ('\r', 2),
        '"' | '\\' | '/' => (code, 2),
        'u' => (char::from_u32(u32::from_str_radix(rest.get(2..6)?, 16).ok()?)?, 6),
        // What is read as something else is found out when the whole is compared.
        _ => return None,
    })
}

impl Spelled {
    fn push(&mut self, text: &str, place: usize) {
        let places = (place..).take(text.len()).map(|place| u32::try_from(place).unwrap_or(u32::MAX));
        self.at.extend(places);
        self.text.push_str(text);
    }

    fn push_char(&mut self, character: char, place: usize) {
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        self.at.extend(std::iter::repeat_n(place, character.len_utf8()));
        self.text.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{parse, patch};

    fn spelled(text: &str) -> Option<Spelled> {
        let (document, _) = parse(SourceId(0), "", text);
        Spelled::of(text, document.root()?.get("a")?)
    }

    /// The file with one edit made in the text.
    fn edited(text: &str, from: &str, to: &str) -> Option<String> {
        let spelled = spelled(text)?;
        let start = spelled.text().find(from)?;
        let edit = Edit { span: Span::new(SourceId(0), start, start + from.len()), text: to.to_owned() };
        patch::applied(text, &spelled.edits(&[edit])?)
    }

    #[test]
    fn each_byte_of_the_text_has_a_place() {
        for text in [
            "a: !Sub |\n  {\n    x\n\n  }\nb: 1\n",
            "a: |-\r\n    {\r\n      x\r\n    }\r\n",
            "a: '{ x }'\n",
            r#"{"a": "{\n\t\"x\u0041\"}"}"#,
        ] {
            let spelled = spelled(text).unwrap_or_else(|| panic!("{text:?}"));
            let x = spelled.text().find('x').expect("it is there");
            assert_eq!(&text[spelled.span(x..x + 1).range()], "x", "{text:?}");
            assert_eq!(spelled.inside(spelled.span(x..x).start), Some(x));
        }
        for text in ["a: >\n  x\n  y\n", "a: x\n", "a: 'x\n  y'\n", "a: &n |\n  x\nb: *n\n"] {
            assert!(spelled(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn edits_are_written_as_the_text_is() {
        let block = "a: |\n    {\n      x\n    }\nb: 1\n";
        let expected = "a: |\n    {\n      y,\n      z\n    }\nb: 1\n";
        assert_eq!(edited(block, "x", "y,\n  z").as_deref(), Some(expected));
        let expected = "a: |\n    {\n    }\nb: 1\n";
        assert_eq!(edited(block, "  x\n", "").as_deref(), Some(expected));
        let expected = "a: |\n    {\n      w\n      x\n    }\nb: 1\n";
        assert_eq!(edited(block, "  x", "  w\n  x").as_deref(), Some(expected));
        let gap = "a: |\n    {\n      x\n\n      y\n    }\n";
        assert_eq!(edited(gap, "  x\n", "").as_deref(), Some("a: |\n    {\n\n      y\n    }\n"));
        assert_eq!(edited("a: '{x}'\n", "x", "it's").as_deref(), Some("a: '{it''s}'\n"));
        assert_eq!(edited("a: '{x}'\n", "x", "y\nz"), None);
        assert_eq!(edited(r#"{"a": "{x}"}"#, "x", "\"y\"").as_deref(), Some(r#"{"a": "{\"y\"}"}"#));
    }
}
