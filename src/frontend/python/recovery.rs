//! Parsing, and going on after broken code.
//!
//! The parser always gives a tree, but an open bracket or a half-written `def` may swallow all that
//! follows. So where a broken statement reaches over the start of the next definition at the left
//! margin, that statement is parsed alone and the rest is parsed anew.

use std::ops::{ControlFlow, Range};

use rustc_hash::FxHashSet;
use tree_sitter::{Node, ParseOptions, ParseState, Parser, Point, Tree};

use super::Lowering;
use super::grammar::{self, Kind};
use super::scope::Scopes;
use crate::ir::Statement;
use crate::source::{SourceId, Span};

/// Larger files are generated or vendored; reading them helps nobody and takes seconds.
const LARGEST_TEXT: usize = 1 << 20;

/// The parser keeps a stack of the indentations it is in, and ends the process where the stack does
/// not fit into 1024 bytes, two for each. Nobody indents as deeply.
const MOST_INDENTATIONS: usize = 300;

/// After this many new starts the tree at hand is taken as it is.
const MOST_STARTS: usize = 32;

/// How many different indentations there are. As many blocks can be in each other at most.
fn indentations(text: &str) -> usize {
    let width = |line: &str| {
        let blanks = line.bytes().take_while(u8::is_ascii_whitespace);
        blanks.map(|blank| if blank == b'\t' { 8 } else { 1 }).sum::<usize>()
    };
    text.lines().map(width).collect::<FxHashSet<usize>>().len()
}

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
        if self.text.len() > LARGEST_TEXT || indentations(self.text) > MOST_INDENTATIONS {
            self.broken.push(Span::new(self.source, 0, self.text.len()));
            return;
        }
        let mut start = 0;
        for starts in 0.. {
            let range = start..self.text.len();
            let Some(tree) = self.parse(range) else { return };
            let root = tree.root_node();
            let swallowed = if starts < MOST_STARTS { swallowed(root, self.text) } else { None };
            let Some(broken) = swallowed else {
                return self.lower(root, self.text.len());
            };
            self.lower(root, broken.start);
            start = broken.end;
            if let Some(tree) = self.parse(broken) {
                self.lower(tree.root_node(), start);
            }
        }
    }

    /// Lowers what begins before `end`.
    fn lower(&mut self, root: Node<'_>, end: usize) {
        if root.has_error() {
            broken_parts(self.source, root, end, &mut self.broken);
        }
        let scopes = std::mem::replace(&mut self.scopes, Scopes::new());
        let mut lowering =
            Lowering { text: self.text, source: self.source, cursor: root.walk(), depth: 0, scopes };
        lowering.module(root, end, &mut self.body, &mut self.broken);
        self.scopes = lowering.scopes;
    }

    /// Parses a part of the file; where that fails, the part is broken.
    fn parse(&mut self, range: Range<usize>) -> Option<Tree> {
        let tree = parse(self.text, range.clone());
        if tree.is_none() {
            self.broken.push(Span::new(self.source, range.start, range.end));
        }
        tree
    }
}

/// How often the parser may report progress (every hundred steps) on a text before it is stopped.
/// A limit in steps and not in time, so that the same text always gives the same tree; sound code
/// needs less than one report per hundred bytes.
fn patience(length: usize) -> usize {
    5_000 + length / 4
}

fn parse(text: &str, range: Range<usize>) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(grammar::language()).ok()?;
    if range.start > 0 || range.end < text.len() {
        let part = tree_sitter::Range {
            start_byte: range.start,
            end_byte: range.end,
            start_point: point(text, range.start),
            end_point: point(text, range.end),
        };
        parser.set_included_ranges(&[part]).ok()?;
    }
    let mut left = patience(range.len());
    let mut progress = |_: &ParseState| {
        left = left.saturating_sub(1);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let bytes = text.as_bytes();
    parser.parse_with_options(
        &mut |offset, _| bytes.get(offset..).unwrap_or_default(),
        None,
        Some(ParseOptions::new().progress_callback(&mut progress)),
    )
}

fn point(text: &str, offset: usize) -> Point {
    let before = text.get(..offset).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Point { row: before.matches('\n').count(), column: before.len() - line_start }
}

/// The first broken statement that reaches over the start of a definition, up to there.
fn swallowed(root: Node<'_>, text: &str) -> Option<Range<usize>> {
    if !root.has_error() {
        return None;
    }
    let mut cursor = root.walk();
    let mut more = cursor.goto_first_child();
    while more {
        let node = cursor.node();
        let kind = grammar::kind(node);
        if node.has_error() || !(kind == Kind::Comment || is_statement(kind)) {
            // Of a tree that is all error, the loose words may begin a statement at the margin.
            let end = if kind == Kind::Error || node.has_error() { node.end_byte() } else { root.end_byte() };
            let anchor = next_anchor(text, node.start_byte());
            if let Some(anchor) = anchor.filter(|anchor| *anchor < end) {
                return Some(node.start_byte()..anchor);
            }
        }
        more = cursor.goto_next_sibling();
    }
    None
}

/// The next line after `start` that can only begin a statement of the module.
fn next_anchor(text: &str, start: usize) -> Option<usize> {
    let mut line_start = start;
    while let Some(end) = text.get(line_start..)?.find('\n') {
        line_start += end + 1;
        let line = text.get(line_start..)?;
        if ANCHORS.iter().any(|anchor| line.starts_with(anchor)) {
            return Some(line_start);
        }
    }
    None
}

/// What begins a definition or an import, at the left margin.
const ANCHORS: &[&str] = &["def ", "async def ", "class ", "@", "import ", "from "];

pub(super) fn is_statement(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::AssertStatement
            | Kind::BreakStatement
            | Kind::ClassDefinition
            | Kind::ContinueStatement
            | Kind::DecoratedDefinition
            | Kind::DeleteStatement
            | Kind::ExecStatement
            | Kind::ExpressionStatement
            | Kind::ForStatement
            | Kind::FunctionDefinition
            | Kind::FutureImportStatement
            | Kind::GlobalStatement
            | Kind::IfStatement
            | Kind::ImportFromStatement
            | Kind::ImportStatement
            | Kind::MatchStatement
            | Kind::NonlocalStatement
            | Kind::PassStatement
            | Kind::PrintStatement
            | Kind::RaiseStatement
            | Kind::ReturnStatement
            | Kind::TryStatement
            | Kind::TypeAliasStatement
            | Kind::WhileStatement
            | Kind::WithStatement
    )
}

/// The parts that the parser could not read and that begin before `end`.
fn broken_parts(source: SourceId, root: Node<'_>, end: usize, found: &mut Vec<Span>) {
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        let broken = node.is_missing() || (grammar::kind(node) == Kind::Error && node != root);
        if broken && node.start_byte() < end {
            found.push(Span::new(source, node.start_byte(), node.end_byte().min(end)));
        }
        if !broken && node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
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
