//! Classes.
//!
//! A class body is code of its own in Python. What is a method or a field becomes a member; any
//! other statement runs before the class is made, with the names it binds hidden (`x#1`).

use ruff_python_ast::{Decorator, Expr, Stmt, StmtClassDef, StmtFunctionDef};

use super::{Lowering, name};
use crate::ir::{
    Class, Expression, ExpressionKind, Member, MemberKind, Pattern, PatternKind, Statement, StatementKind,
};
use crate::source::Span;

/// A class that is being read.
#[derive(Default)]
struct Body {
    members: Vec<Member>,
    /// What runs before the class is made, by the number of the statement it comes from.
    before: Vec<(usize, Statement)>,
    /// The number of the statement each member comes from.
    places: Vec<usize>,
}

impl Lowering<'_> {
    /// Reads a class; what has to run before it goes to `out`.
    pub(super) fn class(&mut self, definition: &StmtClassDef, out: &mut Vec<Statement>) -> Expression {
        let span = self.clause_span(definition, &definition.body);
        let decorators = self.decorators(&definition.decorator_list);
        let bases = definition.bases().iter().filter(|base| !base.is_starred_expr());
        let bases = bases.map(|base| self.expression(base)).collect();
        let mut body = Body::default();
        self.scopes.open_class();
        let read = self.deeper(super::BLOCK_LEVELS, |this| {
            let mut rest = &*definition.body;
            while !rest.is_empty() {
                let place = definition.body.len() - rest.len();
                rest = this.class_statement(place, rest, &mut body);
                body.places.resize(body.members.len(), place);
            }
        });
        if read.is_none() {
            body.before.extend(self.cut(&definition.body).map(|cut| (0, cut)));
        }
        let names = self.scopes.close_class();
        for (member, place) in body.members.iter_mut().zip(&body.places) {
            let Some(hidden) = names.read(&member.name) else { continue };
            let Some(value) = member.value.take() else { continue };
            let shared = name(value.span, hidden);
            if !matches!(&value.kind, ExpressionKind::Name(already) if already == hidden) {
                let target = Pattern { span: member.span, kind: PatternKind::Name(hidden.to_owned()) };
                let kind = StatementKind::Assign { target, value };
                body.before.push((*place, Statement { span: member.span, kind }));
                self.scopes.list(hidden);
            }
            member.value = Some(shared);
        }
        body.before.sort_by_key(|(place, _)| *place);
        out.extend(body.before.into_iter().map(|(_, statement)| statement));
        let name = self.identifier(&definition.name).map(|(name, span)| (name.to_owned(), span));
        let class = Class { span, name, bases, members: body.members, decorators };
        Expression { span, kind: ExpressionKind::Class(Box::new(class)) }
    }

    /// The first of the statements of a class; gives those after it.
    fn class_statement<'s>(&mut self, place: usize, suite: &'s [Stmt], body: &mut Body) -> &'s [Stmt] {
        let [first, rest @ ..] = suite else { return suite };
        match first {
            Stmt::FunctionDef(method) => self.method(method, body),
            Stmt::ClassDef(inner) => self.inner_class(place, inner, body),
            Stmt::Expr(statement) if is_docstring(&statement.value) => {}
            Stmt::Assign(assign) if let [Expr::Name(target)] = assign.targets.as_slice() => {
                let value = Some(self.expression(&assign.value));
                let (name, span) = (self.text(target), self.span(assign));
                self.push_member(name, span, MemberKind::StaticField, value, None, body);
            }
            Stmt::AnnAssign(assign) if let Expr::Name(target) = &*assign.target => {
                let annotation = self.field_type(&assign.annotation);
                let value = assign.value.as_ref().map(|value| self.expression(value));
                let kind = if value.is_some() { MemberKind::StaticField } else { MemberKind::Field };
                self.push_member(self.text(target), self.span(assign), kind, value, annotation, body);
            }
            _ => return self.class_code(place, suite, body),
        }
        rest
    }

    fn inner_class(&mut self, place: usize, inner: &StmtClassDef, body: &mut Body) {
        let mut before = Vec::new();
        let class = self.class(inner, &mut before);
        body.before.extend(before.into_iter().map(|statement| (place, statement)));
        if let Some((name, _)) = self.identifier(&inner.name) {
            self.push_member(name, class.span, MemberKind::StaticField, Some(class), None, body);
        }
    }

    fn method(&mut self, definition: &StmtFunctionDef, body: &mut Body) {
        let Some((name, _)) = self.identifier(&definition.name) else { return };
        let mut kind = match name {
            "__init__" => MemberKind::Constructor,
            // Python makes these two what they are without a decorator.
            "__new__" => MemberKind::StaticMethod,
            "__init_subclass__" | "__class_getitem__" => MemberKind::ClassMethod,
            _ => MemberKind::Method,
        };
        let mut others = Vec::new();
        for decorator in &definition.decorator_list {
            match self.member_kind(decorator, name) {
                Some(told) => kind = told,
                None => others.push(self.expression(&decorator.expression)),
            }
        }
        let value = self.function(definition, Some(others));
        self.push_member(name, value.span, kind, Some(value), None, body);
    }

    /// What a decorator of the language says about a method.
    fn member_kind(&self, decorator: &Decorator, method: &str) -> Option<MemberKind> {
        let text = self.text(&decorator.expression);
        if decorator.expression.is_attribute_expr() {
            return match text.rsplit_once('.')? {
                (object, "setter" | "deleter") if object == method => Some(MemberKind::Setter),
                (object, "getter") if object == method => Some(MemberKind::Getter),
                ("functools", "cached_property") | ("abc", "abstractproperty") => Some(MemberKind::Getter),
                _ => None,
            };
        }
        match text {
            "staticmethod" => Some(MemberKind::StaticMethod),
            "classmethod" => Some(MemberKind::ClassMethod),
            "property" | "cached_property" | "abstractproperty" => Some(MemberKind::Getter),
            _ => None,
        }
    }

    fn push_member(
        &mut self,
        name: &str,
        span: Span,
        kind: MemberKind,
        value: Option<Expression>,
        annotation: Option<Expression>,
        body: &mut Body,
    ) {
        if value.is_some() {
            self.scopes.bind(name);
        }
        body.members.push(Member { name: name.to_owned(), span, kind, value, annotation });
    }

    /// Any other statement: `if`, `for`, `a, b = ...`, a call.
    fn class_code<'s>(&mut self, place: usize, suite: &'s [Stmt], body: &mut Body) -> &'s [Stmt] {
        let [first, ..] = suite else { return suite };
        let before = self.scopes.class_names();
        let span = self.statement_span(first);
        let mut statements = Vec::new();
        let rest = self.statements(suite, &mut statements);
        body.before.extend(statements.into_iter().map(|statement| (place, statement)));
        for (bound, hidden) in self.scopes.class_names() {
            if before.iter().any(|(known, _)| *known == bound) {
                continue;
            }
            self.scopes.list(&hidden);
            body.members.push(Member {
                name: bound,
                span,
                kind: MemberKind::StaticField,
                value: Some(name(span, hidden)),
                annotation: None,
            });
        }
        rest
    }
}

fn is_docstring(value: &Expr) -> bool {
    match value {
        Expr::StringLiteral(string) => !string.value.is_implicit_concatenated(),
        Expr::FString(string) => !string.value.is_implicit_concatenated(),
        _ => value.is_bytes_literal_expr(),
    }
}
