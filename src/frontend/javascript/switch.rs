//! `switch` as a chain of `If`.
//!
//! A case that falls through gets a copy of what it falls into, so every arm is one path.

use super::jumps::TargetKind;
use super::tree::Node;
use super::{Lowering, SPINE, TOO_DEEP, assign, expression, name, name_pattern, spine, tree};
use crate::ir::{BinaryOperator, Expression, LogicalOperator, Statement, StatementKind};
use rustc_hash::FxHashSet;

/// Statements that may be copied for cases that fall through, in one `switch`.
const COPIES: usize = 200;

/// A case, or `default`.
struct Clause<'t> {
    node: Node<'t>,
    statements: Vec<Node<'t>>,
    /// Whether it never runs into the next one.
    ends: bool,
}

impl<'t> Lowering<'t> {
    pub(super) fn switch_statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let span = self.span(node);
        let subject = self.field(node, "value");
        let clauses = clauses(node);
        if clauses.len() > SPINE {
            out.push(Statement { span, kind: StatementKind::Unknown(TOO_DEEP) });
            return;
        }
        let mut last_breaks = FxHashSet::default();
        let is_loop = has_inner_break(&clauses, &mut last_breaks);
        let subject_span = subject.span;
        let temporary = self.scopes.temporary("switch");
        out.push(assign(subject_span, name_pattern(subject_span, &temporary), subject));

        self.enter_target(TargetKind::Switch, is_loop);
        self.scopes.enter_block();
        let all: Vec<Node<'t>> = clauses.iter().flat_map(|clause| clause.statements.clone()).collect();
        self.declare_inner_block(&all);
        let tests: Vec<Option<Expression>> =
            clauses.iter().map(|clause| self.case_test(clause.node, &temporary, subject_span)).collect();
        let previous = std::mem::replace(&mut self.last_breaks, last_breaks);
        let bodies: Vec<Vec<Statement>> = clauses
            .iter()
            .map(|clause| {
                let mut body = Vec::new();
                self.block(&clause.statements, &mut body);
                body
            })
            .collect();
        self.last_breaks = previous;
        self.scopes.leave_block();
        let crossings = self.leave_target();

        let Some(chain) = self.chain(&clauses, tests, bodies) else {
            out.push(Statement {
                span,
                kind: StatementKind::Unknown("switch with many cases that fall through"),
            });
            return;
        };
        if is_loop {
            self.write_once(span, chain, crossings, out);
        } else {
            out.extend(chain);
        }
    }

    fn case_test(
        &mut self,
        case: Node<'t>,
        temporary: &str,
        subject: crate::source::Span,
    ) -> Option<Expression> {
        let value = case.field("value")?;
        let right = Box::new(self.expression(value));
        let equal = spine::Operator::Binary(BinaryOperator::Equal).with(name(subject, temporary), right);
        Some(expression(self.span(value), equal))
    }

    /// The cases as one chain, built from its end; `default` is what remains when no case matches.
    fn chain(
        &self,
        clauses: &[Clause<'t>],
        tests: Vec<Option<Expression>>,
        bodies: Vec<Vec<Statement>>,
    ) -> Option<Vec<Statement>> {
        let mut copied = 0;
        let mut whole: Vec<Option<Vec<Statement>>> = vec![None; clauses.len()];
        let mut next: Vec<Statement> = Vec::new();
        for (index, mut body) in bodies.into_iter().enumerate().rev() {
            let clause = &clauses[index];
            if !clause.ends {
                if !clause.statements.is_empty() {
                    copied += next.len();
                }
                body.extend(next);
            }
            if copied > COPIES {
                return None;
            }
            next = body.clone();
            whole[index] = Some(body);
        }
        let default = tests.iter().position(Option::is_none);
        let mut otherwise = default.and_then(|at| whole.get_mut(at)?.take()).unwrap_or_default();
        let mut pending: Option<Expression> = None;
        let mut arms = Vec::new();
        for (index, test) in tests.into_iter().enumerate() {
            let Some(test) = test else {
                // Labels grouped with `default` reach its body anyway.
                pending = None;
                continue;
            };
            let test = match pending.take() {
                Some(before) => either(before, test),
                None => test,
            };
            let is_label_only = clauses[index].statements.is_empty() && index + 1 < clauses.len();
            if is_label_only {
                pending = Some(test);
            } else {
                arms.push((index, test, whole.get_mut(index)?.take().unwrap_or_default()));
            }
        }
        for (index, test, then) in arms.into_iter().rev() {
            let span = self.span(clauses[index].node);
            otherwise = vec![Statement { span, kind: StatementKind::If { test, then, otherwise } }];
        }
        Some(otherwise)
    }
}

fn either(left: Expression, right: Expression) -> Expression {
    let span = left.span.to(right.span);
    expression(span, spine::Operator::Logical(LogicalOperator::Or).with(left, Box::new(right)))
}

fn clauses(switch: Node<'_>) -> Vec<Clause<'_>> {
    let body = switch.field("body");
    body.map(tree::children)
        .unwrap_or_default()
        .into_iter()
        .map(|node| {
            let value = node.field("value");
            let statements: Vec<Node<'_>> =
                tree::statements(node).into_iter().filter(|child| Some(*child) != value).collect();
            let ends = statements.last().is_some_and(|last| always_leaves(*last));
            Clause { node, statements, ends }
        })
        .collect()
}

/// Whether control never gets behind a statement.
fn always_leaves(statement: Node<'_>) -> bool {
    let mut open = vec![statement];
    while let Some(node) = open.pop() {
        match node.kind() {
            "break_statement" | "continue_statement" | "return_statement" | "throw_statement" => {}
            "statement_block" | "else_clause" => match tree::children(node).pop() {
                Some(last) => open.push(last),
                None => return false,
            },
            "if_statement" => {
                let parts = (node.field("consequence"), node.field("alternative"));
                let (Some(then), Some(otherwise)) = parts else { return false };
                open.extend([then, otherwise]);
            }
            "try_statement" => {
                let parts = (node.field("body"), node.field("handler"));
                let Some(body) = parts.0 else { return false };
                open.push(body);
                open.extend(parts.1.and_then(|handler| handler.field("body")));
            }
            _ => return false,
        }
    }
    true
}

/// Whether a `break` of the switch sits where control would not reach the end of its clause anyway;
/// those that do are collected, and say nothing in a chain.
fn has_inner_break(clauses: &[Clause<'_>], last_breaks: &mut FxHashSet<usize>) -> bool {
    let mut open = Vec::new();
    for (index, clause) in clauses.iter().enumerate() {
        let ends = clause.ends || index + 1 == clauses.len();
        let count = clause.statements.len();
        open.extend(clause.statements.iter().enumerate().map(|(at, node)| (*node, ends && at + 1 == count)));
    }
    let mut found = false;
    while let Some((node, is_last)) = open.pop() {
        match node.kind() {
            "break_statement" if node.field("label").is_none() => {
                if is_last {
                    last_breaks.insert(node.id());
                } else {
                    found = true;
                }
            }
            "statement_block" | "if_statement" | "else_clause" => {
                let children = tree::children(node);
                let count = children.len();
                let in_order = node.kind() == "statement_block";
                open.extend(
                    children
                        .into_iter()
                        .enumerate()
                        .map(|(at, child)| (child, is_last && (!in_order || at + 1 == count))),
                );
            }
            "try_statement" | "catch_clause" | "finally_clause" | "labeled_statement" => {
                open.extend(tree::children(node).into_iter().map(|child| (child, false)));
            }
            _ => {}
        }
    }
    found
}
