//! Imports.
//!
//! | Python | common form |
//! |---|---|
//! | `import a` | `a = import a` |
//! | `import a.b` | `a = import a`, `a.b = import a.b` |
//! | `import a.b as c` | `c = import a.b` |
//! | `from .x import y as z` | `z = (import .x).y` |
//! | `from x import *` | `{...*} = import x` |
//! | `importlib.import_module("a.b")` | `import a.b` |
//! | `__import__("a.b")` | `import a` |

use ruff_python_ast::{Identifier, StmtImport, StmtImportFrom};
use ruff_text_size::Ranged;

use super::{Lowering, member, name};
use crate::ir::{
    Argument, Expression, ExpressionKind, Import, Pattern, PatternKind, Statement, StatementKind,
};
use crate::source::Span;

impl Lowering<'_> {
    pub(super) fn import_statement(&mut self, statement: &StmtImport, span: Span, out: &mut Vec<Statement>) {
        for module in &statement.names {
            match &module.asname {
                Some(alias) => {
                    let value = import(self.span(&module.name), module.name.id.to_string());
                    let target = self.bound(alias);
                    out.push(Statement { span, kind: StatementKind::Assign { target, value } });
                }
                None => self.import_parents(&module.name, span, out),
            }
        }
    }

    /// `import a.b.c` binds `a`, and makes `b` a member of `a` and `c` one of `a.b`.
    fn import_parents(&mut self, dotted: &Identifier, span: Span, out: &mut Vec<Statement>) {
        let mut place: Option<Expression> = None;
        let mut module = String::new();
        let mut reached = self.span(dotted);
        let mut start = dotted.start().to_usize();
        // What stands deeper than any real package is left to its parent.
        for written in self.text(dotted).split('.').take(32) {
            let text = written.trim_matches(|letter: char| letter.is_whitespace() || letter == '\\');
            let part_start = start + written.find(text).unwrap_or_default();
            let part_span = Span::new(self.source, part_start, part_start + text.len());
            start += written.len() + 1;
            if text.is_empty() {
                return;
            }
            reached.end = part_span.end;
            if !module.is_empty() {
                module.push('.');
            }
            module.push_str(text);
            let pattern = match place.take() {
                None => {
                    let bound = self.scopes.bind(text);
                    place = Some(name(part_span, bound.clone()));
                    PatternKind::Name(bound)
                }
                Some(object) => {
                    let member = member(reached, object, text, part_span);
                    place = Some(member.clone());
                    PatternKind::Place(member)
                }
            };
            let target = Pattern { span: reached, kind: pattern };
            let value = import(reached, module.clone());
            out.push(Statement { span, kind: StatementKind::Assign { target, value } });
        }
    }

    pub(super) fn import_from_statement(
        &mut self,
        statement: &StmtImportFrom,
        span: Span,
        out: &mut Vec<Statement>,
    ) {
        let named = statement.module.as_ref().map_or("", |module| module.id.as_str());
        let module = ".".repeat(statement.level as usize) + named;
        if module.is_empty() || module == "__future__" {
            return;
        }
        let place = self.module_span(statement);
        for imported in &statement.names {
            let value = import(place, module.clone());
            let Some((name, name_span)) = self.identifier(&imported.name) else { continue };
            let (target, value) = if name == "*" {
                self.scopes.list("*");
                let all = Pattern { span: name_span, kind: PatternKind::Name("*".to_owned()) };
                let kind = PatternKind::Object { entries: Vec::new(), rest: Some(Box::new(all)) };
                (Pattern { span: name_span, kind }, value)
            } else {
                let target = self.bound(imported.asname.as_ref().unwrap_or(&imported.name));
                (target, member(span, value, name, name_span))
            };
            out.push(Statement { span, kind: StatementKind::Assign { target, value } });
        }
    }

    /// Where the module is written, with its dots.
    fn module_span(&self, statement: &StmtImportFrom) -> Span {
        let after = statement.start().to_usize() + "from".len();
        let end = statement.module.as_ref().map(|module| module.end().to_usize());
        let text = self.text.get(after..end.unwrap_or(statement.end().to_usize())).unwrap_or_default();
        let is_blank = |letter: char| letter.is_whitespace() || letter == '\\';
        let start = after + text.len() - text.trim_start_matches(is_blank).len();
        let last_dot = (statement.level as usize).checked_sub(1);
        let dots = last_dot.and_then(|last| text.match_indices('.').nth(last)).map(|(at, _)| after + at + 1);
        Span::new(self.source, start, end.or(dots).unwrap_or(start))
    }
}

/// An import that is written as a call; one of a computed name may be of any module.
pub(super) fn import_call(callee: &Expression, arguments: &[Argument]) -> Option<ExpressionKind> {
    let of_library =
        |object: &Expression| matches!(&object.kind, ExpressionKind::Name(name) if name == "importlib");
    let is_whole = match &callee.kind {
        ExpressionKind::Member { object, name, .. } => name == "import_module" && of_library(object),
        ExpressionKind::Name(name) => name == "import_module",
        _ => false,
    };
    let is_first = matches!(&callee.kind, ExpressionKind::Name(name) if name == "__import__");
    if !is_whole && !is_first {
        return None;
    }
    let Some(ExpressionKind::String(module)) = arguments.first().map(|argument| &argument.value.kind) else {
        return Some(ExpressionKind::Unknown("import of a computed name"));
    };
    let module = if is_first { module.split('.').next().unwrap_or_default() } else { module };
    Some(ExpressionKind::Import(Import { module: module.to_owned(), interop: false }))
}

fn import(span: Span, module: String) -> Expression {
    Expression { span, kind: ExpressionKind::Import(Import { module, interop: false }) }
}
