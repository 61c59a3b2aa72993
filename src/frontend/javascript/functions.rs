//! Functions of all kinds, and their parameters.

use super::statements::is_delete;
use super::tree::Node;
use super::{Lowering, SPINE, expression, member, name, name_pattern, tree};
use crate::ir::{Expression, ExpressionKind, Function, Parameter, ParameterKind, Statement, StatementKind};
use crate::source::Span;

impl<'t> Lowering<'t> {
    /// A function as an expression. One that calls itself by its own name is assigned to that name first.
    pub(super) fn function_value(&mut self, node: Node<'t>) -> Expression {
        self.self_named(node, |lowering| {
            let function = lowering.function(node, Vec::new());
            expression(lowering.span(node), ExpressionKind::Function(Box::new(function)))
        })
    }

    /// Lowers a function or class expression, whose own name is seen by itself only.
    pub(super) fn self_named(
        &mut self,
        node: Node<'t>,
        lower: impl FnOnce(&mut Self) -> Expression,
    ) -> Expression {
        let Some(own) = node.field("name") else { return lower(self) };
        let text = self.text(own);
        let bound = self.scopes.enter_self(text);
        let value = lower(self);
        if !self.scopes.leave_self(text, &bound) {
            return value;
        }
        let target = Box::new(name_pattern(self.span(own), &bound));
        expression(value.span, ExpressionKind::Assign { target, value: Box::new(value) })
    }

    pub(super) fn function(&mut self, node: Node<'t>, decorators: Vec<Expression>) -> Function {
        let given = node.field("parameters").or_else(|| node.field("parameter"));
        let body_node = node.field("body");
        let block = body_node.filter(|body| body.kind() == "statement_block");
        let statements = block.map(tree::statements).unwrap_or_default();

        self.scopes.enter_function();
        if let Some(given) = given {
            self.each_bound(given, |lowering, name| lowering.scopes.declare_in_function(name));
        }
        self.declare_vars(&statements);
        self.declare_block(&statements);
        let parameters = given.map(|given| self.parameters(given)).unwrap_or_default();
        let mut body = Vec::with_capacity(statements.len().max(1));
        match body_node {
            // Its value, `true`, is never looked at.
            Some(value) if is_delete(value) => self.expression_statement(value, &mut body),
            Some(value) if block.is_none() => {
                let value = self.expression(value);
                body.push(Statement { span: value.span, kind: StatementKind::Return(Some(value)) });
            }
            _ => self.block(&statements, &mut body),
        }
        let locals = self.scopes.leave_function();

        let own = node.field("name");
        Function {
            span: self.span(node),
            name: own.map(|own| (self.member_name(own), self.span(own))),
            parameters,
            locals,
            body,
            is_async: tree::has_token(node, "async"),
            is_generator: node.kind().starts_with("generator") || tree::has_token(node, "*"),
            decorators,
            own_this: node.kind() != "arrow_function",
        }
    }

    fn parameters(&mut self, given: Node<'t>) -> Vec<Parameter> {
        if given.kind() != "formal_parameters" {
            return vec![self.parameter(given)];
        }
        tree::children(given)
            .into_iter()
            .filter(|child| child.field("pattern").is_none_or(|pattern| pattern.kind() != "this"))
            .map(|child| self.parameter(child))
            .collect()
    }

    fn parameter(&mut self, node: Node<'t>) -> Parameter {
        let (pattern, default) = match node.kind() {
            "assignment_pattern" => (node.field("left"), node.field("right")),
            "required_parameter" | "optional_parameter" => (node.field("pattern"), node.field("value")),
            _ => (Some(node), None),
        };
        // A decorator says where the value comes from when a caller does not give it.
        let decorator = tree::children(node).into_iter().find(|child| child.kind() == "decorator");
        let injected = decorator.filter(|_| default.is_none()).map(|decorator| self.only_child(decorator));
        let pattern = pattern.unwrap_or(node);
        let (pattern, kind) = match pattern.kind() {
            "rest_pattern" => (tree::first(pattern).unwrap_or(pattern), ParameterKind::Rest),
            _ => (pattern, ParameterKind::Plain),
        };
        Parameter {
            pattern: self.pattern(pattern),
            kind,
            default: default.map(|default| self.expression(default)).or(injected),
            annotation: node.field("type").and_then(|declared| self.annotation(declared)),
        }
    }

    /// A declared type that is a plain or dotted name.
    pub(super) fn annotation(&mut self, declared: Node<'t>) -> Option<Expression> {
        let named = tree::first(declared)?;
        match named.kind() {
            "type_identifier" => Some(self.name(named)),
            "nested_type_identifier" => self.dotted_type(named),
            _ => None,
        }
    }

    fn dotted_type(&mut self, node: Node<'t>) -> Option<Expression> {
        let mut at = node.start_byte();
        let mut value = None;
        for part in self.text(node).split('.').take(SPINE) {
            let trimmed = part.trim();
            let start = at + (part.len() - part.trim_start().len());
            let span = Span::new(self.source, start, start + trimmed.len());
            at += part.len() + 1;
            value = Some(match value {
                Some(object) => member(object, trimmed, span),
                None => name(span, self.scopes.resolve(trimmed).unwrap_or(trimmed)),
            });
        }
        value
    }

    pub(super) fn decorators(&mut self, node: Node<'t>) -> Vec<Expression> {
        let decorators = tree::children(node).into_iter().filter(|child| child.kind() == "decorator");
        decorators.collect::<Vec<_>>().into_iter().map(|decorator| self.only_child(decorator)).collect()
    }
}
