//! Python, by ruff's parser: a typed tree, one line of translation for each kind of node.

mod classes;
mod comments;
mod depth;
mod expressions;
mod functions;
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

use ruff_python_ast::{Expr, Identifier};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashSet;

use super::Frontend;
use crate::ir::{Argument, Exports, Expression, ExpressionKind, Language, Module};
use crate::source::{SourceId, Span};
use comments::Comment;
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
    depth: u32,
    /// The construct whose parts are being read.
    around: Span,
    scopes: Scopes,
    comments: Vec<Comment>,
    /// Where errors of the parser stand that are none: Python 2 is read too.
    understood: FxHashSet<TextSize>,
}

impl<'t> Lowering<'t> {
    /// Where a construct is written. What is missing in broken code may have a place outside of what
    /// it is missing in.
    fn span(&self, node: impl Ranged) -> Span {
        self.clamped(span_of(self.source, self.text, node.range()))
    }

    fn clamped(&self, span: Span) -> Span {
        let inside = |offset: u32| offset.max(self.around.start).min(self.around.end);
        Span { start: inside(span.start), end: inside(span.end), ..span }
    }

    /// Reads the parts of a construct.
    fn inside<T>(&mut self, whole: Span, read: impl FnOnce(&mut Self) -> T) -> T {
        let around = std::mem::replace(&mut self.around, whole);
        let result = read(self);
        self.around = around;
        result
    }

    /// Where text is written, blanks included.
    fn exact_span(&self, node: impl Ranged) -> Span {
        let range = node.range();
        self.clamped(Span::new(self.source, range.start().to_usize(), range.end().to_usize()))
    }

    fn text(&self, node: impl Ranged) -> &'t str {
        self.text.get(node.range().to_std_range()).unwrap_or_default()
    }

    /// A name with its place, unless it is missing.
    fn identifier(&self, name: &Identifier) -> Option<(&'t str, Span)> {
        let text = self.text(name);
        (!text.is_empty()).then(|| (text, self.span(name)))
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

/// A part of a text, without the blanks that broken code may have around it.
fn span_of(source: SourceId, text: &str, range: TextRange) -> Span {
    let range = range.to_std_range();
    let written = text.get(range.clone()).unwrap_or_default();
    if let [first, .., last] = written.as_bytes()
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return Span::new(source, range.start, range.end);
    }
    let start = range.start + written.len() - written.trim_start().len();
    Span::new(source, start, start + written.trim().len())
}

/// Whether broken code lacks an expression here.
fn is_missing(node: &Expr) -> bool {
    matches!(node, Expr::Name(name) if name.range.is_empty())
}

fn name(span: Span, name: impl Into<String>) -> Expression {
    Expression { span, kind: ExpressionKind::Name(name.into()) }
}

fn unknown(span: Span, why: &'static str) -> Expression {
    Expression { span, kind: ExpressionKind::Unknown(why) }
}

fn call(span: Span, callee: Expression, arguments: Vec<Argument>) -> Expression {
    let callee = Box::new(callee);
    Expression { span, kind: ExpressionKind::Call { callee, arguments, new: false, optional: false } }
}

fn member(span: Span, object: Expression, name: &str, name_span: Span) -> Expression {
    let object = Box::new(object);
    Expression {
        span,
        kind: ExpressionKind::Member { object, name: name.to_owned(), name_span, optional: false },
    }
}
