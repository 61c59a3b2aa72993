//! Where a statement with blocks ends: the comments at the end of a block belong to it.

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_ast::{ElifElseClause, ExceptHandler, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::Lowering;
use crate::source::Span;

impl Lowering<'_> {
    /// A statement with the comments at its end.
    pub(super) fn statement_span(&self, statement: &Stmt) -> Span {
        match last_block(statement) {
            None => self.span(statement),
            Some(_) => self.span(TextRange::new(statement.start(), self.end_of(statement))),
        }
    }

    /// A clause, or anything else that ends with a block.
    pub(super) fn clause_span(&self, clause: impl Ranged, body: &[Stmt]) -> Span {
        self.span(TextRange::new(clause.start(), self.end_of_block(body).max(clause.end())))
    }

    fn end_of(&self, statement: &Stmt) -> TextSize {
        let end = last_block(statement).map_or(statement.end(), |block| self.end_of_block(block));
        end.max(statement.end())
    }

    fn end_of_block(&self, block: &[Stmt]) -> TextSize {
        let (Some(first), Some(last)) = (block.first(), block.last()) else { return TextSize::default() };
        let end = self.end_of(last);
        let after = self.comments.partition_point(|comment| comment.start < end);
        let mut found = end;
        for comment in self.comments.iter().skip(after) {
            let is_same_line = comment.margin.is_none();
            let is_inside = || self.margin(first).is_some_and(|margin| comment.margin >= Some(margin));
            if comment.follows > end || !(is_same_line || is_inside()) {
                break;
            }
            found = comment.end;
        }
        found
    }

    /// How far a statement is indented, where it begins its line.
    fn margin(&self, statement: &Stmt) -> Option<usize> {
        margin(self.text, statement.start().to_usize())
    }
}

/// A comment in the text.
pub(super) struct Comment {
    start: TextSize,
    end: TextSize,
    /// Where the last word before it ends.
    follows: TextSize,
    /// How far it is indented, where it begins its line.
    margin: Option<usize>,
}

pub(super) fn comments(text: &str, words: &Tokens) -> Vec<Comment> {
    let mut found = Vec::new();
    let mut follows = TextSize::default();
    for word in words.iter() {
        match word.kind() {
            TokenKind::Comment => {
                let margin = margin(text, word.start().to_usize());
                found.push(Comment { start: word.start(), end: word.end(), follows, margin });
            }
            TokenKind::Newline
            | TokenKind::NonLogicalNewline
            | TokenKind::Indent
            | TokenKind::Dedent
            | TokenKind::Semi => {}
            _ => follows = word.end(),
        }
    }
    found
}

fn margin(text: &str, start: usize) -> Option<usize> {
    let before = text.get(..start).unwrap_or_default();
    let margin = before.bytes().rev().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\x0c')).count();
    let line = &before[..before.len() - margin];
    (line.is_empty() || line.ends_with(['\n', '\r'])).then_some(margin)
}

/// The block that a statement ends with.
fn last_block(statement: &Stmt) -> Option<&[Stmt]> {
    let filled = |block: &'_ [Stmt]| !block.is_empty();
    match statement {
        Stmt::FunctionDef(function) => Some(&function.body),
        Stmt::ClassDef(class) => Some(&class.body),
        Stmt::With(with) => Some(&with.body),
        Stmt::Match(matched) => matched.cases.last().map(|case| &*case.body),
        Stmt::If(branch) => match branch.elif_else_clauses.last() {
            Some(ElifElseClause { body, .. }) => Some(body),
            None => Some(&branch.body),
        },
        Stmt::For(each) => [&*each.orelse, &*each.body].into_iter().find(|block| filled(block)),
        Stmt::While(each) => [&*each.orelse, &*each.body].into_iter().find(|block| filled(block)),
        Stmt::Try(tried) => {
            let handler = tried.handlers.last().map(|ExceptHandler::ExceptHandler(handler)| &*handler.body);
            let blocks = [Some(&*tried.finalbody), Some(&*tried.orelse), handler, Some(&*tried.body)];
            blocks.into_iter().flatten().find(|block| filled(block))
        }
        _ => None,
    }
}
