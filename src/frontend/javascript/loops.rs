//! `for`, `for of`, `for in`, `while`, `do`.

use super::jumps::TargetKind;
use super::tree::Node;
use super::{BROKEN, Lowering, expression, member, name, place, tree, unknown};
use crate::ir::{Argument, ArgumentKind, Expression, ExpressionKind, Pattern, Statement, StatementKind};
use crate::source::Span;

impl<'t> Lowering<'t> {
    pub(super) fn while_statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let at_least_once = node.kind() == "do_statement";
        let test = self.field(node, "condition");
        self.enter_target(TargetKind::Loop, true);
        let body = self.body(node.field("body"));
        let crossings = self.leave_target();
        let kind =
            StatementKind::While { test, body, update: Vec::new(), otherwise: Vec::new(), at_least_once };
        self.write_loop(Statement { span: self.span(node), kind }, crossings, out);
    }

    pub(super) fn for_statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let initializer = node.field("initializer");
        self.scopes.enter_block();
        if let Some(initializer) = initializer {
            self.declare_inner_block(&[initializer]);
            match initializer.kind() {
                "lexical_declaration" | "variable_declaration" => self.statement(initializer, out),
                "empty_statement" => {}
                _ => self.expression_statement(initializer, out),
            }
        }
        let test = match node.field("condition") {
            Some(test) if test.kind() != "empty_statement" => self.expression(test),
            empty => {
                let at = empty.map_or(node.start_byte(), |empty| empty.start_byte());
                expression(Span::new(self.source, at, at), ExpressionKind::Bool(true))
            }
        };
        let mut update = Vec::new();
        if let Some(increment) = node.field("increment") {
            self.expression_statement(increment, &mut update);
        }
        self.enter_target(TargetKind::Loop, true);
        let body = self.body(node.field("body"));
        let crossings = self.leave_target();
        self.scopes.leave_block();
        let kind = StatementKind::While { test, body, update, otherwise: Vec::new(), at_least_once: false };
        self.write_loop(Statement { span: self.span(node), kind }, crossings, out);
    }

    pub(super) fn for_each(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let right = self.field(node, "right");
        let is_in = node.field("operator").is_some_and(|operator| operator.kind() == "in");
        let iterable = if is_in { keys_of(right) } else { right };
        self.scopes.enter_block();
        let pattern = self.loop_pattern(node);
        self.enter_target(TargetKind::Loop, true);
        let body = self.body(node.field("body"));
        let crossings = self.leave_target();
        self.scopes.leave_block();
        let kind = StatementKind::ForEach { pattern, iterable, body, otherwise: Vec::new() };
        self.write_loop(Statement { span: self.span(node), kind }, crossings, out);
    }

    fn loop_pattern(&mut self, node: Node<'t>) -> Pattern {
        let Some(left) = node.field("left") else {
            return place(unknown(self.span(node), BROKEN));
        };
        if node.field("kind").is_some_and(|kind| kind.kind() != "var") {
            self.each_bound(left, |lowering, name| lowering.scopes.declare_in_block(name));
        }
        self.pattern(left)
    }

    /// A body that may be a block or a single statement.
    pub(super) fn body(&mut self, node: Option<Node<'t>>) -> Vec<Statement> {
        let statements = match node {
            Some(block) if block.kind() == "statement_block" => tree::statements(block),
            Some(single) => vec![single],
            None => return Vec::new(),
        };
        let mut out = Vec::with_capacity(statements.len());
        self.inner_block(&statements, &mut out);
        out
    }
}

/// `for (key in value)` runs over `Object.keys(value)`.
fn keys_of(value: Expression) -> Expression {
    let span = value.span;
    let callee = Box::new(member(name(span, "Object"), "keys", span));
    let arguments = vec![Argument { kind: ArgumentKind::Positional, value }];
    expression(span, ExpressionKind::Call { callee, arguments, new: false, optional: false })
}
