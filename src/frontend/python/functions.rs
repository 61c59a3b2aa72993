//! Functions, lambdas, their parameters, and decorators.

use tree_sitter::Node;

use super::Lowering;
use super::grammar::{self, Child, Field, Kind, field, named};
use super::imports::member;
use crate::ir::{
    Expression, ExpressionKind, Function, Parameter, ParameterKind, Pattern, PatternKind, Statement,
    StatementKind,
};
use crate::source::Span;

/// A definition without its decorators.
pub(super) struct Definition<'t> {
    pub node: Node<'t>,
    pub kind: Kind,
    pub decorators: Vec<Node<'t>>,
    /// With the decorators.
    pub span: Span,
}

impl<'t> Lowering<'t> {
    /// A function or class with its decorators.
    pub(super) fn definition(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let Some(definition) = self.undecorated(node) else { return };
        let decorators = self.decorators(&definition.decorators);
        let span = definition.span;
        let name = field(&self.children(definition.node), Field::Name);
        let value = match definition.kind {
            Kind::ClassDefinition => {
                let value = self.class(definition.node, decorators, span, out);
                Expression { span, kind: ExpressionKind::Class(Box::new(value)) }
            }
            _ => self.function(definition.node, decorators, span),
        };
        let Some(name) = name else { return };
        let target = self.target(name.node);
        out.push(Statement { span, kind: StatementKind::Assign { target, value } });
    }

    pub(super) fn undecorated(&mut self, node: Node<'t>) -> Option<Definition<'t>> {
        let span = self.span(node);
        let kind = grammar::kind(node);
        if kind != Kind::DecoratedDefinition {
            return Some(Definition { node, kind, decorators: Vec::new(), span });
        }
        let children = self.children(node);
        let inner = field(&children, Field::Definition)?;
        let mut decorators = Vec::new();
        for child in children.iter().filter(|child| child.kind == Kind::Decorator) {
            decorators.extend(named(&self.children(child.node)).next().map(|value| value.node));
        }
        Some(Definition { node: inner.node, kind: inner.kind, decorators, span })
    }

    pub(super) fn decorators(&mut self, decorators: &[Node<'t>]) -> Vec<Expression> {
        decorators.iter().map(|decorator| self.expression(*decorator)).collect()
    }

    pub(super) fn function(&mut self, node: Node<'t>, decorators: Vec<Expression>, span: Span) -> Expression {
        let children = self.children(node);
        let name =
            field(&children, Field::Name).map(|name| (self.text(name.node).to_owned(), self.span(name.node)));
        let parameters = self.parameters(&children);
        let is_async = children.iter().any(|child| child.kind == Kind::AsyncToken);
        let opened = self.scopes.open();
        self.bind_parameters(&parameters);
        let body = self.body_of(&children);
        let closed = self.scopes.close(opened);
        let function = Function {
            span,
            name,
            parameters,
            locals: closed.locals,
            body,
            is_async,
            is_generator: closed.is_generator,
            decorators,
            own_this: false,
        };
        Expression { span, kind: ExpressionKind::Function(Box::new(function)) }
    }

    pub(super) fn lambda(&mut self, node: Node<'t>) -> ExpressionKind {
        let span = self.span(node);
        let children = self.children(node);
        let parameters = self.parameters(&children);
        self.scopes.open_lambda();
        self.bind_parameters(&parameters);
        let value = self.field_expression(&children, Field::Body, node);
        let closed = self.scopes.close_lambda();
        let value_span = value.span;
        ExpressionKind::Function(Box::new(Function {
            span,
            name: None,
            parameters,
            locals: closed.locals,
            body: vec![Statement { span: value_span, kind: StatementKind::Return(Some(value)) }],
            is_async: false,
            is_generator: closed.is_generator,
            decorators: Vec::new(),
            own_this: false,
        }))
    }

    /// Parameters; defaults and types are read outside the function.
    fn parameters(&mut self, children: &[Child<'t>]) -> Vec<Parameter> {
        let Some(list) = field(children, Field::Parameters) else { return Vec::new() };
        let mut parameters = Vec::new();
        let mut named_only = false;
        for child in named(&self.children(list.node)) {
            match child.kind {
                Kind::KeywordSeparator => named_only = true,
                Kind::PositionalSeparator => {}
                _ => {
                    let mut parameter = self.parameter(child);
                    if parameter.kind == ParameterKind::Plain && named_only {
                        parameter.kind = ParameterKind::NamedOnly;
                    }
                    named_only |= parameter.kind == ParameterKind::Rest;
                    parameters.push(parameter);
                }
            }
        }
        parameters
    }

    fn parameter(&mut self, child: Child<'t>) -> Parameter {
        let parts = match child.kind {
            Kind::DefaultParameter | Kind::TypedDefaultParameter | Kind::TypedParameter => {
                self.children(child.node)
            }
            _ => vec![child],
        };
        let default = field(&parts, Field::Value)
            .filter(|_| parts.len() > 1)
            .map(|default| self.expression(default.node));
        let annotation = field(&parts, Field::Type).and_then(|annotation| self.annotation(annotation.node));
        let mut place = match named(&parts).next() {
            Some(place) => place,
            None => child,
        };
        let mut kind = ParameterKind::Plain;
        if matches!(place.kind, Kind::ListSplatPattern | Kind::DictionarySplatPattern) {
            kind = match place.kind {
                Kind::ListSplatPattern => ParameterKind::Rest,
                _ => ParameterKind::RestNamed,
            };
            if let Some(inner) = named(&self.children(place.node)).next() {
                place = inner;
            }
        }
        Parameter { pattern: self.parameter_pattern(place), kind, default, annotation }
    }

    /// The names are bound later, inside the function.
    fn parameter_pattern(&mut self, place: Child<'t>) -> Pattern {
        let span = self.span(place.node);
        if place.kind == Kind::TuplePattern {
            let parts: Vec<_> = named(&self.children(place.node)).collect();
            let items =
                parts.into_iter().map(|part| self.nested(|this| this.parameter_pattern(part))).collect();
            return Pattern { span, kind: PatternKind::List { items, rest: None } };
        }
        Pattern { span, kind: PatternKind::Name(self.text(place.node).to_owned()) }
    }

    fn bind_parameters(&mut self, parameters: &[Parameter]) {
        let mut patterns: Vec<_> = parameters.iter().map(|parameter| &parameter.pattern).rev().collect();
        while let Some(pattern) = patterns.pop() {
            match &pattern.kind {
                PatternKind::Name(name) => self.scopes.list(name),
                PatternKind::List { items, .. } => patterns.extend(items.iter().flatten().rev()),
                _ => {}
            }
        }
    }

    /// A type that is a plain or dotted name, also in quotes.
    pub(super) fn annotation(&mut self, node: Node<'t>) -> Option<Expression> {
        let inner = named(&self.children(node)).next()?;
        match inner.kind {
            Kind::Identifier | Kind::Attribute => {
                let annotation = self.expression(inner.node);
                is_dotted_name(&annotation).then_some(annotation)
            }
            Kind::String => self.quoted_annotation(inner.node),
            _ => None,
        }
    }

    fn quoted_annotation(&mut self, node: Node<'t>) -> Option<Expression> {
        let children = self.children(node);
        let content = children.iter().find(|child| child.kind == Kind::StringContent)?.node;
        let text = self.text(content);
        let is_name = |part: &str| {
            part.chars().all(|letter| letter == '_' || letter.is_alphanumeric())
                && part.chars().next().is_some_and(|letter| !letter.is_ascii_digit())
        };
        if !text.split('.').all(is_name) || text.matches('.').count() > 32 {
            return None;
        }
        let mut end = content.start_byte();
        let mut found: Option<Expression> = None;
        for part in text.split('.') {
            let start = end;
            end += part.len();
            let part_span = Span::new(self.source, start, end);
            found = Some(match found {
                None => super::name(part_span, part),
                Some(object) => {
                    member(Span::new(self.source, content.start_byte(), end), object, part, part_span)
                }
            });
            end += 1;
        }
        found
    }
}

fn is_dotted_name(expression: &Expression) -> bool {
    let mut expression = expression;
    loop {
        match &expression.kind {
            ExpressionKind::Member { object, .. } => expression = object,
            ExpressionKind::Name(_) => return true,
            _ => return false,
        }
    }
}
