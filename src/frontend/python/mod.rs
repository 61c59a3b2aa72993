//! Python, by its tree-sitter grammar.

mod classes;
mod expressions;
mod functions;
mod grammar;
mod imports;
mod matching;
mod patterns;
mod scope;
mod statements;
mod strings;
#[cfg(test)]
mod tests;

use std::ops::ControlFlow;

use tree_sitter::{Node, ParseOptions, ParseState, Parser, Tree, TreeCursor};

use super::Frontend;
use crate::ir::{Exports, Expression, ExpressionKind, Language, Module};
use crate::source::{SourceId, Span};
use grammar::{Child, Kind};
use scope::Scopes;

#[derive(Debug)]
pub struct Python;

impl Frontend for Python {
    fn extensions(&self) -> &'static [&'static str] {
        &["py"]
    }

    fn lower(&self, source: SourceId, _path: &str, text: &str) -> Module {
        let mut module = Module {
            source,
            language: Language::Python,
            locals: Vec::new(),
            body: Vec::new(),
            exports: Exports::Locals,
            broken: Vec::new(),
        };
        let Some(tree) = parse(text) else {
            module.broken.push(Span::new(source, 0, text.len()));
            return module;
        };
        let root = tree.root_node();
        if root.has_error() {
            module.broken = broken_parts(source, root);
        }
        let mut lowering = Lowering { text, source, cursor: root.walk(), depth: 0, scopes: Scopes::new() };
        module.body = lowering.module(root, &mut module.broken);
        module.locals = lowering.scopes.into_locals();
        module
    }
}

/// Larger files are generated or vendored; reading them helps nobody and takes seconds.
const LARGEST_TEXT: usize = 1 << 20;

/// How often the parser may report progress (every hundred steps) on a text before it is stopped.
/// A limit in steps and not in time, so that the same text always gives the same tree; sound code
/// needs less than one report per hundred bytes.
fn patience(text: &str) -> usize {
    1_000 + text.len() / 4
}

fn parse(text: &str) -> Option<Tree> {
    if text.len() > LARGEST_TEXT {
        return None;
    }
    let mut parser = Parser::new();
    parser.set_language(grammar::language()).ok()?;
    let mut left = patience(text);
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

/// The parts the parser could not read, in order.
fn broken_parts(source: SourceId, root: Node<'_>) -> Vec<Span> {
    let mut found = Vec::new();
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        let broken = node.is_missing() || (grammar::kind(node) == Kind::Error && node != root);
        if broken {
            found.push(Span::new(source, node.start_byte(), node.end_byte()));
        }
        if !broken && node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
        }
    }
}

/// Constructs nested deeper than this are cut off, so that no reader of the tree needs to care.
const DEEPEST: u32 = 300;

const TOO_DEEP: &str = "nested too deeply";

/// The walk over one tree.
struct Lowering<'t> {
    text: &'t str,
    source: SourceId,
    cursor: TreeCursor<'t>,
    depth: u32,
    scopes: Scopes,
}

impl<'t> Lowering<'t> {
    fn children(&mut self, node: Node<'t>) -> Vec<Child<'t>> {
        grammar::children(&mut self.cursor, node)
    }

    fn span(&self, node: Node<'_>) -> Span {
        Span::new(self.source, node.start_byte(), node.end_byte())
    }

    fn text(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// Goes one level deeper, or says that this is deep enough.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        Some(result)
    }
}

fn name(span: Span, name: impl Into<String>) -> Expression {
    Expression { span, kind: ExpressionKind::Name(name.into()) }
}

fn unknown(span: Span, why: &'static str) -> Expression {
    Expression { span, kind: ExpressionKind::Unknown(why) }
}
