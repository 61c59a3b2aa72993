//! `break` and `continue`: which loop they leave, and flags for those that leave several.
//!
//! In the lowered form both mean the innermost loop. A jump further out sets a flag and breaks; behind
//! each loop it crosses, an `If` on the flag carries it on.

use super::tree::Node;
use super::{Lowering, assign, expression, name, name_pattern};
use crate::ir::{ExpressionKind, Statement, StatementKind};
use crate::source::Span;

/// The loops, switches and labelled blocks open in one function, innermost last.
#[derive(Default)]
pub struct Jumps {
    open: Vec<Target>,
    /// Labels met, for the statement that follows.
    labels: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    Loop,
    Switch,
    Block,
}

struct Target {
    kind: TargetKind,
    labels: Vec<String>,
    /// Whether it is a loop in the lowered form too.
    is_loop: bool,
    /// Jumps from inside it to a target further out.
    crossings: Vec<Crossing>,
}

/// A jump that leaves a loop on its way to a target further out.
#[derive(Clone)]
pub struct Crossing {
    flag: String,
    target: usize,
    continues: bool,
}

impl<'t> Lowering<'t> {
    pub(super) fn enter_target(&mut self, kind: TargetKind, is_loop: bool) {
        if let Some(jumps) = self.scopes.jumps() {
            let labels = std::mem::take(&mut jumps.labels);
            jumps.open.push(Target { kind, labels, is_loop, crossings: Vec::new() });
        }
    }

    pub(super) fn leave_target(&mut self) -> Vec<Crossing> {
        self.scopes
            .jumps()
            .and_then(|jumps| jumps.open.pop())
            .map(|target| target.crossings)
            .unwrap_or_default()
    }

    pub(super) fn label(&mut self, label: &str) {
        if let Some(jumps) = self.scopes.jumps() {
            jumps.labels.push(label.to_owned());
        }
    }

    /// Writes a loop and what carries jumps out of it further.
    pub(super) fn write_loop(
        &mut self,
        written: Statement,
        crossings: Vec<Crossing>,
        out: &mut Vec<Statement>,
    ) {
        let span = written.span;
        for crossing in &crossings {
            out.push(set(span, &crossing.flag, false));
        }
        out.push(written);
        let innermost = self.scopes.jumps().and_then(|jumps| innermost_loop(&jumps.open));
        for crossing in crossings {
            let arrived = innermost.is_none_or(|innermost| innermost <= crossing.target);
            let kind =
                if arrived && crossing.continues { StatementKind::Continue } else { StatementKind::Break };
            let test = name(span, &crossing.flag);
            let then = vec![Statement { span, kind }];
            out.push(Statement { span, kind: StatementKind::If { test, then, otherwise: Vec::new() } });
        }
    }

    /// Runs statements once, in a loop that can be left.
    pub(super) fn write_once(
        &mut self,
        span: Span,
        body: Vec<Statement>,
        crossings: Vec<Crossing>,
        out: &mut Vec<Statement>,
    ) {
        let test = expression(Span { start: span.end, ..span }, ExpressionKind::Bool(false));
        let kind = StatementKind::While {
            test,
            body,
            update: Vec::new(),
            otherwise: Vec::new(),
            at_least_once: true,
        };
        self.write_loop(Statement { span, kind }, crossings, out);
    }

    pub(super) fn jump(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        if self.last_breaks.contains(&node.id()) {
            return;
        }
        let span = self.span(node);
        let continues = node.kind() == "continue_statement";
        let label = node.field("label").map(|label| self.text(label));
        let Some((target, innermost)) = self.find_target(label, continues) else {
            out.push(Statement { span, kind: StatementKind::Unknown("jump to nowhere") });
            return;
        };
        if innermost.is_some_and(|innermost| innermost > target) {
            let flag = self.scopes.temporary(if continues { "continue" } else { "break" });
            out.push(set(span, &flag, true));
            if let Some(jumps) = self.scopes.jumps() {
                for crossed in jumps.open.iter_mut().skip(target + 1).filter(|crossed| crossed.is_loop) {
                    crossed.crossings.push(Crossing { flag: flag.clone(), target, continues });
                }
            }
            out.push(Statement { span, kind: StatementKind::Break });
            return;
        }
        let kind = if continues { StatementKind::Continue } else { StatementKind::Break };
        out.push(Statement { span, kind });
    }

    /// The target of a jump, and the innermost loop in the lowered form.
    fn find_target(&mut self, label: Option<&str>, continues: bool) -> Option<(usize, Option<usize>)> {
        let open = &self.scopes.jumps()?.open;
        let target = open.iter().rposition(|target| match label {
            Some(label) => target.labels.iter().any(|own| own == label),
            None if continues => target.kind == TargetKind::Loop,
            None => target.kind != TargetKind::Block,
        })?;
        open.get(target).filter(|target| target.is_loop)?;
        Some((target, innermost_loop(open)))
    }
}

fn innermost_loop(open: &[Target]) -> Option<usize> {
    open.iter().rposition(|target| target.is_loop)
}

fn set(span: Span, flag: &str, value: bool) -> Statement {
    assign(span, name_pattern(span, flag), expression(span, ExpressionKind::Bool(value)))
}
