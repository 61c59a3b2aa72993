//! JavaScript and TypeScript, lowered from tree-sitter trees.
//!
//! What a reader of the lowered form should know:
//! - `import x from 'm'` is the member `default` of an import with `interop`; `import * as x` and
//!   `import { x }` are the import itself and its member `x`; `require('m')` and `import('m')` are
//!   the import with `interop`.
//! - An export is an assignment to a member of [`ExpressionKind::Exports`]: of a declaration right
//!   after it, of a list at the end of the module. Imports and function declarations come first.
//! - `(a, b)` in the middle of an expression is `[a, b][1]`; `undefined` is `Null`.
//! - `switch` is a chain of `If` on a temporary; where a `break` sits deeper than the end of a case,
//!   or a label is left from inside a loop, the chain runs in a loop with the test `false` that runs
//!   once, and flags carry jumps outwards.
//! - No expression is nested deeper than [`DEPTH`] levels plus a left spine (`a.b().c()`, `a + b + c`)
//!   of [`SPINE`].

mod classes;
mod expressions;
mod functions;
mod hoist;
mod jumps;
mod literals;
mod loops;
mod modules;
mod patterns;
mod scope;
mod spine;
mod statements;
mod switch;
mod tree;
mod types;
mod typescript;

#[cfg(test)]
mod tests;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Frontend;
use crate::ir::{
    Exports, Expression, ExpressionKind, Language, Module, Pattern, PatternKind, Statement, StatementKind,
};
use crate::source::{SourceId, Span};
use scope::Scopes;
use tree::Node;

/// Nested constructs that are followed; what lies deeper becomes `Unknown`. Bounds the stack.
const DEPTH: usize = 200;
/// Links of one left spine that are followed, and arms of one `else if` chain.
const SPINE: usize = 500;
const TOO_DEEP: &str = "nested too deeply";
const BROKEN: &str = "could not be parsed";

#[derive(Debug)]
pub struct JavaScript;

impl Frontend for JavaScript {
    fn extensions(&self) -> &'static [&'static str] {
        &["js", "mjs", "cjs", "ts", "mts", "cts", "tsx", "jsx"]
    }

    fn lower(&self, source: SourceId, path: &str, text: &str) -> Module {
        let mut module = Module {
            source,
            language: Language::JavaScript,
            locals: Vec::new(),
            body: Vec::new(),
            exports: Exports::Object,
            broken: Vec::new(),
        };
        let dialect = tree::Dialect::of(path);
        if dialect == tree::Dialect::Declarations {
            return module;
        }
        let Some(tree) = tree::of(dialect, text) else {
            module.broken.push(Span::new(source, 0, text.len()));
            return module;
        };
        let root = Node::root(&tree, dialect);
        module.broken = tree::broken(root).map(|(start, end)| Span::new(source, start, end)).collect();
        let mut lowering = Lowering {
            source,
            text,
            typed: dialect != tree::Dialect::JavaScript,
            elides: dialect == tree::Dialect::TypeScript && module.broken.is_empty(),
            scopes: Scopes::default(),
            depth: 0,
            last_breaks: FxHashSet::default(),
            live: FxHashMap::default(),
            trailing_exports: Vec::new(),
        };
        module.body = lowering.program(root);
        module.locals = lowering.scopes.leave_function();
        module
    }
}

/// The translation of one file under way.
struct Lowering<'t> {
    source: SourceId,
    text: &'t str,
    /// TypeScript: names may stand for types only.
    typed: bool,
    /// Imports never used are dropped; not where JSX or a broken part may hide a use.
    elides: bool,
    scopes: Scopes<'t>,
    depth: usize,
    /// `break`s at the end of a case, by node: the chain ends there anyway.
    last_breaks: FxHashSet<usize>,
    /// Variables of the module that are exported and may change, with the names they are exported under.
    live: FxHashMap<&'t str, Vec<Node<'t>>>,
    /// `export { a }`, which may come before `a` has its value.
    trailing_exports: Vec<Statement>,
}

impl<'t> Lowering<'t> {
    fn program(&mut self, root: Node<'t>) -> Vec<Statement> {
        let statements = tree::statements(root);
        self.scopes.enter_function();
        self.declare_vars(&statements);
        self.declare_block(&statements);
        self.live = self.live_exports(&statements);
        let mut body = Vec::with_capacity(statements.len());
        self.imports(&statements, &mut body);
        let imports = body.len();
        self.block(&statements, &mut body);
        body.append(&mut self.trailing_exports);
        if self.elides {
            let mut others = body.split_off(imports);
            body.retain(|import| !self.is_unused_import(import));
            body.append(&mut others);
        }
        body
    }

    /// TypeScript drops an import whose name stands for no value anywhere; here a declared type of a
    /// parameter or field counts as a use, for it may tell the class of the value.
    fn is_unused_import(&mut self, import: &Statement) -> bool {
        let StatementKind::Assign { target, .. } = &import.kind else { return false };
        let PatternKind::Name(bound) = &target.kind else { return false };
        self.scopes.remove_unused(bound)
    }

    fn span(&self, node: Node<'_>) -> Span {
        Span::new(self.source, node.start_byte(), node.end_byte())
    }

    fn text(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or("")
    }
}

fn expression(span: Span, kind: ExpressionKind) -> Expression {
    Expression { span, kind }
}

fn string(span: Span, text: &str) -> Expression {
    expression(span, ExpressionKind::String(text.to_owned()))
}

fn number(span: Span, value: usize) -> Expression {
    expression(span, ExpressionKind::Number(value.to_string()))
}

fn name(span: Span, text: &str) -> Expression {
    expression(span, ExpressionKind::Name(text.to_owned()))
}

fn unknown(span: Span, why: &'static str) -> Expression {
    expression(span, ExpressionKind::Unknown(why))
}

/// `object.name`; the span of the whole runs from the object to the name.
fn member(object: Expression, name: &str, name_span: Span) -> Expression {
    let span = object.span.to(name_span);
    let kind = ExpressionKind::Member {
        object: Box::new(object),
        name: name.to_owned(),
        name_span,
        optional: false,
    };
    expression(span, kind)
}

fn name_pattern(span: Span, text: &str) -> Pattern {
    Pattern { span, kind: PatternKind::Name(text.to_owned()) }
}

fn place(place: Expression) -> Pattern {
    Pattern { span: place.span, kind: PatternKind::Place(place) }
}

fn assign(span: Span, target: Pattern, value: Expression) -> Statement {
    Statement { span, kind: StatementKind::Assign { target, value } }
}
