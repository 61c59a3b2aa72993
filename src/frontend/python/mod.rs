//! Python, by its tree-sitter grammar.

mod classes;
mod expressions;
mod functions;
mod grammar;
mod imports;
mod matching;
mod patterns;
mod recovery;
mod scope;
mod statements;
mod strings;
#[cfg(test)]
mod tests;
mod written;

pub use written::{WrittenImport, imports};

use tree_sitter::{Node, TreeCursor};

use super::Frontend;
use crate::ir::{Exports, Expression, ExpressionKind, Language, Module};
use crate::source::{SourceId, Span};
use grammar::Child;
use scope::Scopes;

#[derive(Debug)]
pub struct Python;

impl Frontend for Python {
    fn extensions(&self) -> &'static [&'static str] {
        &["py"]
    }

    fn lower(&self, source: SourceId, _path: &str, text: &str) -> Module {
        let mut reading = recovery::Reading::new(source, text);
        reading.read();
        let (locals, body, broken) = reading.finish();
        Module { source, language: Language::Python, locals, body, exports: Exports::Locals, broken }
    }
}

/// Constructs nested deeper than this are cut off, so that no reader of the tree needs to care.
/// Python itself takes 200 brackets in each other, and blocks 100 deep.
const DEEPEST: u32 = 200;

/// How many levels a block counts for.
const BLOCK_LEVELS: u32 = 2;

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

    /// Where a construct is written. The grammar counts the blanks before a last comment as part of
    /// a block, and those in broken code; we do not.
    fn span(&self, node: Node<'_>) -> Span {
        let range = node.byte_range();
        let text = self.text.as_bytes().get(range.clone()).unwrap_or_default();
        let is_blank = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_whitespace);
        if is_blank(text.first()) || is_blank(text.last()) {
            let start = range.start + text.len() - text.trim_ascii_start().len();
            return Span::new(self.source, start, start + text.trim_ascii().len());
        }
        Span::new(self.source, range.start, range.end)
    }

    /// Where text is written, blanks included.
    fn exact_span(&self, node: Node<'_>) -> Span {
        Span::new(self.source, node.start_byte(), node.end_byte())
    }

    fn text(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// Goes one level deeper, or says that this is deep enough.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.deeper(1, inner)
    }

    fn deeper<T>(&mut self, levels: u32, inner: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth + levels > DEEPEST {
            return None;
        }
        self.depth += levels;
        let result = inner(self);
        self.depth -= levels;
        Some(result)
    }
}

fn name(span: Span, name: impl Into<String>) -> Expression {
    Expression { span, kind: ExpressionKind::Name(name.into()) }
}

fn unknown(span: Span, why: &'static str) -> Expression {
    Expression { span, kind: ExpressionKind::Unknown(why) }
}
