//! Classes: constructors, methods, fields, parameter properties.

use super::tree::Node;
use super::{Lowering, assign, expression, member, name_pattern, place, tree};
use crate::ir::{
    Class, Expression, ExpressionKind, Function, Member, MemberKind, Parameter, PatternKind, Statement,
    StatementKind,
};

impl<'t> Lowering<'t> {
    pub(super) fn class_value(&mut self, node: Node<'t>) -> Expression {
        self.self_named(node, |lowering| lowering.class(node, Vec::new()))
    }

    pub(super) fn class_declaration(
        &mut self,
        node: Node<'t>,
        outer: Vec<Expression>,
        out: &mut Vec<Statement>,
    ) {
        let value = self.class(node, outer);
        let Some(own) = node.field("name") else { return };
        let text = self.text(own);
        let bound = self.scopes.peek(text).unwrap_or(text);
        let target = name_pattern(self.span(own), bound);
        out.push(assign(self.span(node), target, value));
    }

    /// `outer`: decorators that stand before `export`.
    fn class(&mut self, node: Node<'t>, outer: Vec<Expression>) -> Expression {
        let mut decorators = outer;
        decorators.extend(self.decorators(node));
        let bases = tree::children(node)
            .into_iter()
            .filter(|child| child.kind() == "class_heritage")
            .filter_map(base)
            .map(|base| self.expression(base))
            .collect();
        let own = node.field("name");
        let class = Class {
            span: self.span(node),
            name: own.map(|own| (self.text(own).to_owned(), self.span(own))),
            bases,
            members: node.field("body").map(|body| self.members(body)).unwrap_or_default(),
            decorators,
        };
        expression(self.span(node), ExpressionKind::Class(Box::new(class)))
    }

    fn members(&mut self, body: Node<'t>) -> Vec<Member> {
        let mut members = Vec::new();
        let mut decorators = Vec::new();
        for child in tree::children(body) {
            match child.kind() {
                "decorator" => decorators.push(self.only_child(child)),
                "method_definition" => self.method(child, std::mem::take(&mut decorators), &mut members),
                "field_definition" | "public_field_definition" => {
                    decorators.clear();
                    members.extend(self.field_member(child));
                }
                "class_static_block" => members.push(self.called_once(child, String::new())),
                _ => decorators.clear(),
            }
        }
        members
    }

    fn method(&mut self, node: Node<'t>, mut decorators: Vec<Expression>, members: &mut Vec<Member>) {
        let Some(key) = node.field("name") else { return };
        decorators.extend(self.decorators(node));
        let name = self.member_name(key);
        if is_static(node) && (tree::has_token(node, "get") || tree::has_token(node, "static get")) {
            members.push(self.called_once(node, name));
            return;
        }
        let kind = if is_static(node) {
            MemberKind::StaticMethod
        } else if tree::has_token(node, "get") {
            MemberKind::Getter
        } else if tree::has_token(node, "set") {
            MemberKind::Setter
        } else if name == "constructor" {
            MemberKind::Constructor
        } else {
            MemberKind::Method
        };
        let mut function = self.function(node, decorators);
        if kind == MemberKind::Constructor {
            self.parameter_properties(node, &mut function, members);
        }
        let value = Some(expression(self.span(node), ExpressionKind::Function(Box::new(function))));
        members.push(Member { name, span: self.span(node), kind, value, annotation: None });
    }

    /// `constructor(private readonly repository: Repository)` declares a field and assigns it.
    fn parameter_properties(
        &mut self,
        node: Node<'t>,
        constructor: &mut Function,
        members: &mut Vec<Member>,
    ) {
        let Some(given) = node.field("parameters") else { return };
        let nodes = tree::children(given);
        let mut assignments = Vec::new();
        for (node, parameter) in nodes.into_iter().zip(&constructor.parameters) {
            if !is_property(node) {
                continue;
            }
            let Some((field, assignment)) = self.parameter_property(parameter) else { continue };
            members.push(field);
            assignments.push(assignment);
        }
        let behind_super = constructor.body.iter().position(is_super_call).map_or(0, |at| at + 1);
        constructor.body.splice(behind_super..behind_super, assignments);
    }

    fn parameter_property(&self, parameter: &Parameter) -> Option<(Member, Statement)> {
        let PatternKind::Name(name) = &parameter.pattern.kind else { return None };
        let span = parameter.pattern.span;
        let field = Member {
            name: name.clone(),
            span,
            kind: MemberKind::Field,
            value: None,
            annotation: parameter.annotation.clone(),
        };
        let target = place(member(expression(span, ExpressionKind::This), name, span));
        Some((field, assign(span, target, super::name(span, name))))
    }

    fn field_member(&mut self, node: Node<'t>) -> Option<Member> {
        let key = node.field("name").or_else(|| node.field("property"))?;
        let kind = if is_static(node) { MemberKind::StaticField } else { MemberKind::Field };
        Some(Member {
            name: self.member_name(key),
            span: self.span(node),
            kind,
            value: node.field("value").map(|value| self.expression(value)),
            annotation: node.field("type").and_then(|declared| self.annotation(declared)),
        })
    }

    /// A static block is a nameless static field whose value is a call; a static getter has its name.
    fn called_once(&mut self, node: Node<'t>, name: String) -> Member {
        let span = self.span(node);
        let mut function = self.function(node, Vec::new());
        function.own_this = false;
        let callee = Box::new(expression(span, ExpressionKind::Function(Box::new(function))));
        let call = ExpressionKind::Call { callee, arguments: Vec::new(), new: false, optional: false };
        let value = Some(expression(span, call));
        Member { name, span, kind: MemberKind::StaticField, value, annotation: None }
    }

    /// A key as text; computed ones keep their brackets and so meet no plain name.
    pub(super) fn member_name(&self, key: Node<'t>) -> String {
        let computed = tree::first(key).filter(|inner| key.kind() != "string" && inner.kind() == "string");
        match (key.kind(), computed) {
            ("string", _) => self.string_value(key),
            (_, Some(inner)) => self.string_value(inner),
            _ => self.text(key).to_owned(),
        }
    }
}

/// The class extended: `extends X` in JavaScript, inside a clause of its own in TypeScript.
fn base(heritage: Node<'_>) -> Option<Node<'_>> {
    let first = tree::first(heritage)?;
    match first.kind() {
        "extends_clause" => first.field("value"),
        "implements_clause" => None,
        _ => Some(first),
    }
}

fn is_static(node: Node<'_>) -> bool {
    tree::has_token(node, "static") || tree::has_token(node, "static get")
}

fn is_property(parameter: Node<'_>) -> bool {
    tree::has_token(parameter, "readonly")
        || tree::children(parameter)
            .iter()
            .any(|child| matches!(child.kind(), "accessibility_modifier" | "override_modifier"))
}

fn is_super_call(statement: &Statement) -> bool {
    let StatementKind::Expression(value) = &statement.kind else { return false };
    let ExpressionKind::Call { callee, .. } = &value.kind else { return false };
    matches!(callee.kind, ExpressionKind::Super)
}
