//! Statements other than loops, `switch`, imports and exports.

use super::expressions::Update;
use super::jumps::TargetKind;
use super::tree::Node;
use super::{BROKEN, DEPTH, Lowering, SPINE, TOO_DEEP, assign, expression, name_pattern, tree};
use crate::ir::{Catch, Expression, ExpressionKind, Statement, StatementKind};

impl<'t> Lowering<'t> {
    /// The statements of a block whose names are declared; functions first.
    pub(super) fn block(&mut self, statements: &[Node<'t>], out: &mut Vec<Statement>) {
        for statement in statements {
            if let Some(function) = hoisted(*statement) {
                self.function_declaration(function, out);
                if function != *statement {
                    self.export_statement(*statement, out);
                }
            }
        }
        for statement in statements {
            if hoisted(*statement).is_none() {
                self.statement(*statement, out);
            }
        }
    }

    pub(super) fn inner_block(&mut self, statements: &[Node<'t>], out: &mut Vec<Statement>) {
        self.scopes.enter_block();
        self.declare_inner_block(statements);
        self.block(statements, out);
        self.scopes.leave_block();
    }

    pub(super) fn statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        if self.depth >= DEPTH {
            out.push(Statement { span: self.span(node), kind: StatementKind::Unknown(TOO_DEEP) });
            return;
        }
        self.depth += 1;
        self.statement_within(node, out);
        self.depth -= 1;
    }

    fn statement_within(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        match node.kind() {
            "expression_statement" => {
                if let Some(value) = tree::first(node) {
                    self.expression_statement(value, out);
                }
            }
            "lexical_declaration" | "variable_declaration" | "using_declaration" => {
                self.declaration(node, out)
            }
            "if_statement" => self.if_statement(node, out),
            "return_statement" => {
                let value = tree::first(node).map(|value| self.expression(value));
                out.push(Statement { span: self.span(node), kind: StatementKind::Return(value) });
            }
            "throw_statement" => {
                let value = self.only_child(node);
                out.push(Statement { span: self.span(node), kind: StatementKind::Raise(Some(value)) });
            }
            "statement_block" => self.inner_block(&tree::statements(node), out),
            "for_statement" => self.for_statement(node, out),
            "for_in_statement" => self.for_each(node, out),
            "while_statement" | "do_statement" => self.while_statement(node, out),
            "try_statement" => self.try_statement(node, out),
            "switch_statement" => self.switch_statement(node, out),
            "break_statement" | "continue_statement" => self.jump(node, out),
            "labeled_statement" => self.labeled(node, out),
            "class_declaration" | "abstract_class_declaration" | "class" => {
                self.class_declaration(node, Vec::new(), out);
            }
            "export_statement" => self.export_statement(node, out),
            "with_statement" => {
                out.push(Statement { span: self.span(node), kind: StatementKind::Unknown("with") });
            }
            _ => self.typed_statement(node, out),
        }
    }

    /// An expression whose value is not used.
    pub(super) fn expression_statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let mut node = node;
        while node.kind() == "parenthesized_expression"
            && let Some(inner) = tree::first(node)
        {
            node = inner;
        }
        let span = self.span(node);
        match node.kind() {
            "sequence_expression" if self.depth < DEPTH => {
                self.depth += 1;
                for part in tree::children(node) {
                    self.expression_statement(part, out);
                }
                self.depth -= 1;
            }
            "assignment_expression" => {
                let Some(left) = node.field("left") else { return };
                let target = self.pattern(left);
                let value = self.field(node, "right");
                out.push(assign(span, target, value));
                self.follow(left, out);
            }
            "augmented_assignment_expression" | "update_expression" => match self.update(node) {
                Some(Update { before, target, value }) => {
                    out.extend(before.into_iter().map(|(target, value)| assign(value.span, target, value)));
                    out.push(assign(span, target, value));
                    let left = node.field("left");
                    if let Some(left) = left.or_else(|| node.field("argument")) {
                        self.follow(left, out);
                    }
                }
                None => out.push(Statement { span, kind: StatementKind::Unknown(BROKEN) }),
            },
            "unary_expression" if is_delete(node) => {
                let target = self.field(node, "argument");
                out.push(Statement { span, kind: StatementKind::Delete(target) });
            }
            // `'use strict'` says nothing here.
            "string" => {}
            "internal_module" => self.namespace_statement(node, out),
            _ => {
                let value = self.expression(node);
                out.push(Statement { span, kind: StatementKind::Expression(value) });
            }
        }
    }

    /// Writes the exports that an assignment changes too.
    fn follow(&mut self, left: Node<'t>, out: &mut Vec<Statement>) {
        for target in self.followed(left) {
            let value = self.name(left);
            out.push(assign(self.span(left), target, value));
        }
    }

    fn declaration(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let is_var = node.kind() == "variable_declaration";
        for declarator in tree::children(node) {
            let Some(bound) = declarator.field("name") else { continue };
            let value = match declarator.field("value") {
                Some(value) => self.expression(value),
                None if is_var => continue,
                None => expression(self.span(bound), ExpressionKind::Null),
            };
            let target = self.pattern(bound);
            out.push(assign(self.span(declarator), target, value));
        }
    }

    pub(super) fn function_declaration(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let Some(own) = node.field("name") else { return };
        let span = self.span(node);
        let value = if self.depth >= DEPTH {
            super::unknown(span, TOO_DEEP)
        } else {
            self.depth += 1;
            let function = self.function(node, Vec::new());
            self.depth -= 1;
            expression(span, ExpressionKind::Function(Box::new(function)))
        };
        let text = self.text(own);
        let bound = self.scopes.peek(text).unwrap_or(text);
        let target = name_pattern(self.span(own), bound);
        out.push(assign(span, target, value));
    }

    /// `if`, with all its `else if` arms, which real code chains by the thousand.
    fn if_statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let mut arms: Vec<(Node<'t>, Expression, Vec<Statement>)> = Vec::new();
        let mut otherwise = Vec::new();
        let mut at = node;
        loop {
            if arms.len() >= SPINE {
                otherwise.push(Statement { span: self.span(at), kind: StatementKind::Unknown(TOO_DEEP) });
                break;
            }
            let test = self.field(at, "condition");
            let then = self.body(at.field("consequence"));
            arms.push((at, test, then));
            match at.field("alternative").and_then(tree::first) {
                Some(next) if next.kind() == "if_statement" => at = next,
                Some(last) => {
                    otherwise = self.body(Some(last));
                    break;
                }
                None => break,
            }
        }
        while let Some((arm, test, then)) = arms.pop() {
            let kind = StatementKind::If { test, then, otherwise };
            otherwise = vec![Statement { span: self.span(arm), kind }];
        }
        out.append(&mut otherwise);
    }

    fn try_statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let body = self.body(node.field("body"));
        let catches = node.field("handler").map(|handler| self.catch(handler));
        let finalizer = node.field("finalizer").and_then(|last| last.field("body"));
        let finally = self.body(finalizer);
        let kind = StatementKind::Try {
            body,
            catches: catches.into_iter().collect(),
            otherwise: Vec::new(),
            finally,
        };
        out.push(Statement { span: self.span(node), kind });
    }

    fn catch(&mut self, node: Node<'t>) -> Catch {
        self.scopes.enter_block();
        let pattern = node.field("parameter").map(|parameter| {
            self.each_bound(parameter, |lowering, name| lowering.scopes.declare_in_block(name));
            self.pattern(parameter)
        });
        let body = self.body(node.field("body"));
        self.scopes.leave_block();
        Catch { span: self.span(node), types: Vec::new(), pattern, body }
    }

    fn labeled(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let (Some(label), Some(body)) = (node.field("label"), node.field("body")) else {
            return;
        };
        self.label(self.text(label));
        match body.kind() {
            "for_statement" | "for_in_statement" | "while_statement" | "do_statement"
            | "labeled_statement" => {
                self.statement(body, out);
            }
            _ => {
                self.enter_target(TargetKind::Block, true);
                let inner = self.body(Some(body));
                let crossings = self.leave_target();
                self.write_once(self.span(node), inner, crossings, out);
            }
        }
    }
}

/// A function declaration, or the one an export statement exports by name.
fn hoisted(statement: Node<'_>) -> Option<Node<'_>> {
    let declaration = match statement.kind() {
        "export_statement" => statement.field("declaration")?,
        _ => statement,
    };
    matches!(
        declaration.kind(),
        "function_declaration"
            | "generator_function_declaration"
            | "function_expression"
            | "generator_function"
    )
    .then_some(declaration)
    .filter(|declaration| declaration.field("name").is_some())
}

pub(super) fn is_delete(node: Node<'_>) -> bool {
    node.kind() == "unary_expression" && node.child(0).is_some_and(|operator| operator.kind() == "delete")
}
