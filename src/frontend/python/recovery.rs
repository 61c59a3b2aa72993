//! Parsing, and going on after broken code.
//!
//! The parser goes on after an error by itself, but a string that is left open takes all that
//! follows, and what is nested too deeply is not given to it. There the file is cut at the left
//! margin.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ruff_python_ast::ModModule;
use ruff_python_parser::{
    InterpolatedStringErrorType, LexicalErrorType, Mode, ParseError, ParseErrorType, ParseOptions, Parsed,
    parse_cells_unchecked,
};
use ruff_text_size::{TextRange, TextSize};
use rustc_hash::FxHashSet;

use super::comments::comments;
use super::depth::{are_deep, is_deep};
use super::scope::Scopes;
use super::{Lowering, TOO_DEEP, span_of};
use crate::ir::{Statement, StatementKind};
use crate::source::{SourceId, Span};

/// Larger files are generated or vendored; reading them helps nobody and takes seconds.
const LARGEST_TEXT: usize = 1 << 20;

/// After this many strings that are left open the tree at hand is taken as it is.
const MOST_STARTS: usize = 32;

/// After this many parts that are nested too deeply, which are dear to find, the rest is left.
const MOST_CUTS: usize = 8;

/// Room to drop a tree, for each byte of the text that it is of.
const ROOM_A_BYTE: usize = 1 << 10;

/// A file that is being read.
pub(super) struct Reading<'t> {
    source: SourceId,
    text: &'t str,
    scopes: Scopes,
    body: Vec<Statement>,
    broken: Vec<Span>,
}

impl<'t> Reading<'t> {
    pub(super) fn new(source: SourceId, text: &'t str) -> Self {
        Self { source, text, scopes: Scopes::new(), body: Vec::new(), broken: Vec::new() }
    }

    pub(super) fn finish(self) -> (Vec<String>, Vec<Statement>, Vec<Span>) {
        let text = self.text;
        (self.scopes.into_locals(), self.body, merged(self.broken, text))
    }

    pub(super) fn read(&mut self) {
        let pieces = match pieces(self.text) {
            Some(pieces) => pieces,
            None => return self.broken.push(Span::new(self.source, 0, self.text.len())),
        };
        for piece in pieces {
            match piece {
                Piece::Read(parsed) => self.lower(&parsed),
                Piece::Deep(range) => {
                    let range = TextRange::new(size(range.start), size(range.end));
                    let span = span_of(self.source, self.text, range);
                    self.body.push(Statement { span, kind: StatementKind::Unknown(TOO_DEEP) });
                    self.broken.push(span);
                }
            }
        }
    }

    fn lower(&mut self, parsed: &Parsed<ModModule>) {
        let mut lowering = Lowering {
            text: self.text,
            source: self.source,
            depth: 0,
            around: Span::new(self.source, 0, self.text.len()),
            scopes: std::mem::replace(&mut self.scopes, Scopes::new()),
            comments: comments(self.text, parsed.tokens()),
            understood: FxHashSet::default(),
        };
        let is_broken = parsed.has_invalid_syntax();
        lowering.module(parsed.suite(), is_broken, &mut self.body, &mut self.broken);
        for error in parsed.errors() {
            if loses_code(&error.error) && !lowering.understood.contains(&error.location.start()) {
                self.broken.push(self.place(error));
            }
        }
        self.scopes = lowering.scopes;
    }

    /// Where an error is; the line, where it is about how the line begins or ends.
    fn place(&self, error: &ParseError) -> Span {
        let span = span_of(self.source, self.text, error.location);
        if span.start < span.end {
            return span;
        }
        let (before, after) = self.text.split_at_checked(error.location.end().to_usize()).unwrap_or_default();
        let written = before.trim_end();
        let is_margin = before.get(written.len()..).is_some_and(|blanks| blanks.contains('\n'))
            && !before.ends_with('\n');
        let (start, end) = if is_margin {
            (before.len(), before.len() + after.find('\n').unwrap_or(after.len()))
        } else {
            (written.rfind('\n').map_or(0, |newline| newline + 1), written.len())
        };
        span_of(self.source, self.text, TextRange::new(size(start), size(end)))
    }
}

/// A part of a file.
pub(super) enum Piece {
    Read(Parsed<ModModule>),
    /// Nested too deeply, or nothing that the parser could read.
    Deep(Range<usize>),
}

/// The parts of a text, mostly one; none where it is too large.
pub(super) fn pieces(text: &str) -> Option<Vec<Piece>> {
    if text.len() > LARGEST_TEXT {
        return None;
    }
    let mut pieces = Vec::new();
    let mut start = 0;
    for cuts in 0.. {
        let Some(deep) = deep_part(text, start) else {
            parse_all(text, start..text.len(), &mut pieces);
            break;
        };
        parse_all(text, start..deep.start, &mut pieces);
        let end = if cuts < MOST_CUTS { deep.end } else { text.len() };
        pieces.push(Piece::Deep(deep.start..end));
        start = end;
    }
    Some(pieces)
}

/// Parses a part that is not deep; what follows a string left open is parsed anew.
fn parse_all(text: &str, range: Range<usize>, pieces: &mut Vec<Piece>) {
    let mut start = range.start;
    for starts in 0.. {
        if start >= range.end {
            return;
        }
        let parsed = parse(text, start..range.end);
        let open = parsed.as_ref().and_then(|parsed| parsed.errors().iter().find(|error| is_open(error)));
        let anchor =
            open.and_then(|error| next_line(text, error.location.start().to_usize(), begins_definition));
        match anchor.filter(|anchor| starts < MOST_STARTS && *anchor < range.end) {
            None => {
                return pieces.push(parsed.map_or(Piece::Deep(start..range.end), Piece::Read));
            }
            Some(anchor) => {
                let before = parse(text, start..anchor);
                pieces.push(before.map_or(Piece::Deep(start..anchor), Piece::Read));
                start = anchor;
            }
        }
    }
}

/// A part of a text; none where it is nested too deeply after all, or where the parser fails.
fn parse(text: &str, range: Range<usize>) -> Option<Parsed<ModModule>> {
    let part = TextRange::new(size(range.start), size(range.end));
    let options = ParseOptions::from(Mode::Module);
    let parsed = catch_unwind(AssertUnwindSafe(|| parse_cells_unchecked(text, [part], &options))).ok()?;
    // After an error the parser may cut the text into other words.
    if parsed.has_invalid_syntax() && are_deep(parsed.tokens().iter().map(|token| token.kind())) {
        stacker::grow(range.len() * ROOM_A_BYTE, || drop(parsed));
        return None;
    }
    Some(parsed)
}

fn size(offset: usize) -> TextSize {
    TextSize::try_from(offset).unwrap_or_default()
}

/// The first part, between two lines at the left margin, that is nested too deeply.
fn deep_part(text: &str, start: usize) -> Option<Range<usize>> {
    if !is_deep(text.get(start..)?) {
        return None;
    }
    let mut anchors = vec![];
    let mut reached = start;
    while let Some(anchor) = next_line(text, reached, begins_statement) {
        anchors.push(anchor);
        reached = anchor;
    }
    let shallow = anchors.partition_point(|end| !text.get(start..*end).is_some_and(is_deep));
    let from = shallow.checked_sub(1).and_then(|last| anchors.get(last)).copied().unwrap_or(start);
    Some(from..anchors.get(shallow).copied().unwrap_or(text.len()))
}

/// The next line after `start` that begins in some way.
fn next_line(text: &str, start: usize, begins: fn(&str) -> bool) -> Option<usize> {
    let mut line_start = start;
    while let Some(end) = text.get(line_start..)?.find('\n') {
        line_start += end + 1;
        if begins(text.get(line_start..)?) {
            return Some(line_start);
        }
    }
    None
}

/// Whether a line can only begin a statement of the module: a definition or an import.
fn begins_definition(line: &str) -> bool {
    ["def ", "async def ", "class ", "@", "import ", "from "].iter().any(|word| line.starts_with(word))
}

/// Whether a line at the left margin looks like a statement, and not like more of one.
fn begins_statement(line: &str) -> bool {
    line.starts_with(|letter: char| letter.is_alphabetic() || letter == '_' || letter == '@')
        && !["else", "elif", "except", "finally"].iter().any(|word| line.starts_with(word))
}

/// Whether an error is a string without an end.
fn is_open(error: &ParseError) -> bool {
    use InterpolatedStringErrorType::{UnterminatedString, UnterminatedTripleQuotedString};
    match &error.error {
        ParseErrorType::Lexical(LexicalErrorType::UnclosedStringError) => true,
        ParseErrorType::Lexical(
            LexicalErrorType::FStringError(kind) | LexicalErrorType::TStringError(kind),
        )
        | ParseErrorType::FStringError(kind)
        | ParseErrorType::TStringError(kind) => {
            matches!(kind, UnterminatedString | UnterminatedTripleQuotedString)
        }
        _ => false,
    }
}

/// Whether the tree lacks something where there is an error. The other errors say that Python refuses
/// code which is whole.
fn loses_code(error: &ParseErrorType) -> bool {
    !matches!(
        error,
        ParseErrorType::UnparenthesizedNamedExpression
            | ParseErrorType::UnparenthesizedTupleExpression
            | ParseErrorType::UnparenthesizedGeneratorExpression
            | ParseErrorType::InvalidStarredExpressionUsage
            | ParseErrorType::InvalidYieldExpressionUsage
            | ParseErrorType::NonDefaultParamAfterDefaultParam
            | ParseErrorType::PositionalAfterKeywordArgument
            | ParseErrorType::PositionalAfterKeywordUnpacking
            | ParseErrorType::InvalidArgumentUnpackingOrder
            | ParseErrorType::InvalidDeleteTarget
            | ParseErrorType::InvalidAnnotatedAssignmentTarget
            | ParseErrorType::InvalidNamedAssignmentTarget
    )
}

/// Spans in order; those with nothing but blanks between them are one.
fn merged(mut spans: Vec<Span>, text: &str) -> Vec<Span> {
    spans.sort();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if is_blank(text, last.end, span.start) => *last = last.to(span),
            _ => merged.push(span),
        }
    }
    merged
}

fn is_blank(text: &str, from: u32, to: u32) -> bool {
    from >= to || text.get(from as usize..to as usize).is_some_and(|between| between.trim().is_empty())
}
