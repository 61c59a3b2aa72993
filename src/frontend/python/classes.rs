//! Classes.
//!
//! A class body is code of its own in Python. What is a method or a field becomes a member; any
//! other statement runs before the class is made, with the names it binds hidden (`x#1`).

use tree_sitter::Node;

use super::grammar::{self, Child, Field, Kind, field, named};
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

impl<'t> Lowering<'t> {
    /// Reads a class; what has to run before it goes to `out`.
    pub(super) fn class(
        &mut self,
        node: Node<'t>,
        decorators: Vec<Expression>,
        span: Span,
        out: &mut Vec<Statement>,
    ) -> Class {
        let children = self.children(node);
        let name =
            field(&children, Field::Name).map(|name| (self.text(name.node).to_owned(), self.span(name.node)));
        let bases = self.bases(&children);
        let mut body = Body::default();
        self.scopes.open_class();
        if let Some(block) = field(&children, Field::Body) {
            let read = self.deeper(super::BLOCK_LEVELS, |this| {
                for (place, child) in this.children(block.node).into_iter().enumerate() {
                    let count = body.members.len();
                    this.class_statement(place, child, &mut body);
                    body.places.resize(body.places.len() + body.members.len() - count, place);
                }
            });
            if read.is_none() {
                let kind = StatementKind::Unknown(super::TOO_DEEP);
                body.before.push((0, Statement { span: self.span(block.node), kind }));
            }
        }
        let names = self.scopes.close_class();
        for (member, place) in body.members.iter_mut().zip(&body.places) {
            let Some(hidden) = names.read(&member.name) else { continue };
            let Some(value) = member.value.take() else { continue };
            let shared = super::name(value.span, hidden);
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
        Class { span, name, bases, members: body.members, decorators }
    }

    fn bases(&mut self, children: &[Child<'t>]) -> Vec<Expression> {
        let Some(list) = field(children, Field::Superclasses) else { return Vec::new() };
        let mut bases = Vec::new();
        for child in named(&self.children(list.node)) {
            if !matches!(child.kind, Kind::KeywordArgument | Kind::DictionarySplat | Kind::ListSplat) {
                bases.push(self.expression(child.node));
            }
        }
        bases
    }

    fn class_statement(&mut self, place: usize, child: Child<'t>, body: &mut Body) {
        match child.kind {
            Kind::FunctionDefinition | Kind::ClassDefinition | Kind::DecoratedDefinition => {
                self.member_definition(place, child.node, body);
            }
            Kind::ExpressionStatement if self.is_docstring(child.node) => {}
            Kind::ExpressionStatement => {
                if !self.member_field(child.node, body) {
                    self.class_code(place, child, body);
                }
            }
            _ => self.class_code(place, child, body),
        }
    }

    fn is_docstring(&mut self, node: Node<'t>) -> bool {
        matches!(self.children(node).as_slice(), [only] if only.kind == Kind::String)
    }

    fn member_definition(&mut self, place: usize, node: Node<'t>, body: &mut Body) {
        let Some(definition) = self.undecorated(node) else { return };
        let Some(name) = field(&self.children(definition.node), Field::Name) else { return };
        let name = self.text(name.node);
        let span = definition.span;
        if definition.kind == Kind::ClassDefinition {
            let decorators = self.decorators(&definition.decorators);
            let mut before = Vec::new();
            let class = self.class(definition.node, decorators, span, &mut before);
            body.before.extend(before.into_iter().map(|statement| (place, statement)));
            let value = Expression { span, kind: ExpressionKind::Class(Box::new(class)) };
            return self.push_member(name, span, MemberKind::StaticField, Some(value), None, body);
        }
        let mut kind = match name {
            "__init__" => MemberKind::Constructor,
            // Python makes these two what they are without a decorator.
            "__new__" => MemberKind::StaticMethod,
            "__init_subclass__" | "__class_getitem__" => MemberKind::ClassMethod,
            _ => MemberKind::Method,
        };
        let mut others = Vec::new();
        for decorator in definition.decorators {
            match self.member_kind(decorator, name) {
                Some(told) => kind = told,
                None => others.push(self.expression(decorator)),
            }
        }
        let value = self.function(definition.node, others, span);
        self.push_member(name, span, kind, Some(value), None, body);
    }

    /// What a decorator of the language says about a method.
    fn member_kind(&mut self, decorator: Node<'t>, method: &str) -> Option<MemberKind> {
        let text = self.text(decorator);
        if grammar::kind(decorator) == Kind::Attribute {
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

    /// `x = value`, `x: type = value`, `x: type`.
    fn member_field(&mut self, node: Node<'t>, body: &mut Body) -> bool {
        let children = self.children(node);
        let [Child { node: assignment, kind: Kind::Assignment, .. }] = children.as_slice() else {
            return false;
        };
        let span = self.span(node);
        let parts = self.children(*assignment);
        let Some(left) = field(&parts, Field::Left).filter(|left| left.kind == Kind::Identifier) else {
            return false;
        };
        let annotation = field(&parts, Field::Type).and_then(|annotation| self.annotation(annotation.node));
        let (kind, value) = match field(&parts, Field::Right) {
            Some(right) if right.kind == Kind::Assignment => return false,
            Some(right) => (MemberKind::StaticField, Some(self.expression(right.node))),
            None => (MemberKind::Field, None),
        };
        self.push_member(self.text(left.node), span, kind, value, annotation, body);
        true
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
    fn class_code(&mut self, place: usize, child: Child<'t>, body: &mut Body) {
        let before = self.scopes.class_names();
        let span = self.span(child.node);
        let mut statements = Vec::new();
        self.statement(child, &mut statements);
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
    }
}
