//! Functions, lambdas, their parameters, and decorators.

use ruff_python_ast::{AnyParameterRef, StringFlags};
use ruff_python_ast::{Decorator, Expr, ExprLambda, Identifier, Parameters, StmtFunctionDef, StringLiteral};
use ruff_text_size::Ranged;

use super::{Lowering, member, name};
use crate::ir::{
    Expression, ExpressionKind, Function, Parameter, ParameterKind, Pattern, PatternKind, Statement,
    StatementKind,
};
use crate::source::Span;

impl Lowering<'_> {
    /// Binds a function or class to its name.
    pub(super) fn define(
        &mut self,
        name: &Identifier,
        value: Expression,
        span: Span,
        out: &mut Vec<Statement>,
    ) {
        if self.identifier(name).is_some() {
            let target = self.bound(name);
            out.push(Statement { span, kind: StatementKind::Assign { target, value } });
        }
    }

    pub(super) fn decorators(&mut self, decorators: &[Decorator]) -> Vec<Expression> {
        decorators.iter().map(|decorator| self.expression(&decorator.expression)).collect()
    }

    /// A function, with its own decorators where none are given.
    pub(super) fn function(
        &mut self,
        definition: &StmtFunctionDef,
        decorators: Option<Vec<Expression>>,
    ) -> Expression {
        let decorators = match decorators {
            Some(decorators) => decorators,
            None => self.decorators(&definition.decorator_list),
        };
        let span = self.clause_span(definition, &definition.body);
        let parameters = self.parameters(&definition.parameters);
        let opened = self.scopes.open();
        self.bind_parameters(&parameters);
        let body = self.block(&definition.body);
        let closed = self.scopes.close(opened);
        let function = Function {
            span,
            name: self.identifier(&definition.name).map(|(name, span)| (name.to_owned(), span)),
            parameters,
            locals: closed.locals,
            body,
            is_async: definition.is_async,
            is_generator: closed.is_generator,
            decorators,
            own_this: false,
        };
        Expression { span, kind: ExpressionKind::Function(Box::new(function)) }
    }

    pub(super) fn lambda(&mut self, lambda: &ExprLambda) -> ExpressionKind {
        let parameters = lambda.parameters.as_ref().map(|parameters| self.parameters(parameters));
        let parameters = parameters.unwrap_or_default();
        self.scopes.open_lambda();
        self.bind_parameters(&parameters);
        let value = self.expression(&lambda.body);
        let closed = self.scopes.close_lambda();
        ExpressionKind::Function(Box::new(Function {
            span: self.span(lambda),
            name: None,
            parameters,
            locals: closed.locals,
            body: vec![Statement { span: value.span, kind: StatementKind::Return(Some(value)) }],
            is_async: false,
            is_generator: closed.is_generator,
            decorators: Vec::new(),
            own_this: false,
        }))
    }

    /// Parameters; defaults and types are read outside the function, and names are bound inside.
    fn parameters(&mut self, parameters: &Parameters) -> Vec<Parameter> {
        let plain = parameters.posonlyargs.len() + parameters.args.len();
        let mut lowered = Vec::with_capacity(parameters.len());
        for (index, written) in parameters.iter().enumerate() {
            let kind = match written {
                AnyParameterRef::NonVariadic(_) if index < plain => ParameterKind::Plain,
                AnyParameterRef::NonVariadic(_) => ParameterKind::NamedOnly,
                AnyParameterRef::Variadic(one) => {
                    let is_rest = parameters.vararg.as_deref().is_some_and(|rest| std::ptr::eq(rest, one));
                    if is_rest { ParameterKind::Rest } else { ParameterKind::RestNamed }
                }
            };
            let Some((name, span)) = self.identifier(written.name()) else { continue };
            let default = written.default().map(|default| self.expression(default));
            let annotation = written.annotation().and_then(|annotation| self.annotation(annotation));
            let pattern = Pattern { span, kind: PatternKind::Name(name.to_owned()) };
            lowered.push(Parameter { pattern, kind, default, annotation });
        }
        lowered
    }

    fn bind_parameters(&mut self, parameters: &[Parameter]) {
        for parameter in parameters {
            if let PatternKind::Name(name) = &parameter.pattern.kind {
                self.scopes.list(name);
            }
        }
    }

    /// A type that is a plain or dotted name, also in quotes.
    pub(super) fn annotation(&mut self, annotation: &Expr) -> Option<Expression> {
        match annotation {
            Expr::Name(_) | Expr::Attribute(_) => {
                let annotation = self.expression(annotation);
                is_dotted_name(&annotation).then_some(annotation)
            }
            Expr::StringLiteral(string) => match string.value.as_slice() {
                [only] => self.quoted_annotation(only),
                _ => None,
            },
            _ => None,
        }
    }

    /// The type of a field: where it is made of parts, its text, which says that there is a field.
    /// What belongs to the class is no field.
    pub(super) fn field_type(&mut self, annotation: &Expr) -> Option<Expression> {
        let plain = self.annotation(annotation);
        if plain.is_some() {
            return plain;
        }
        let text = self.text(annotation).trim_matches(['"', '\'']);
        let head = text.split('[').next().unwrap_or(text);
        let of_class = head.rsplit('.').next().is_some_and(|name| name.trim() == "ClassVar");
        let kind = ExpressionKind::String(text.to_owned());
        (!of_class).then(|| Expression { span: self.span(annotation), kind })
    }

    fn quoted_annotation(&mut self, literal: &StringLiteral) -> Option<Expression> {
        let range = literal.range().add_start(literal.flags.opener_len()).sub_end(literal.flags.closer_len());
        let is_name = |part: &str| {
            part.chars().all(|letter| letter == '_' || letter.is_alphanumeric())
                && part.chars().next().is_some_and(|letter| !letter.is_ascii_digit())
        };
        let text = self.text(range);
        if !text.split('.').all(is_name) || text.matches('.').count() > 32 {
            return None;
        }
        let start = range.start().to_usize();
        let mut end = start;
        let mut found: Option<Expression> = None;
        for part in text.split('.') {
            let part_span = Span::new(self.source, end, end + part.len());
            end += part.len();
            found = Some(match found {
                None => name(part_span, part),
                Some(object) => member(Span::new(self.source, start, end), object, part, part_span),
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
