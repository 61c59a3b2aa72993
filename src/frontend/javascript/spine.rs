//! Left spines: `a.b().c()[0] + d`, walked without recursion.

use std::ops::Range;

use super::tree::Node;
use super::{BROKEN, Lowering, SPINE, TOO_DEEP, expression, literals, member, string, tree, unknown};
use crate::ir::{
    Argument, ArgumentKind, BinaryOperator, Element, Expression, ExpressionKind, Import, LogicalOperator,
};
use crate::source::Span;

/// What a node grows to the right of, if it is a link of a spine.
fn left(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "member_expression" | "subscript_expression" => node.field("object"),
        "call_expression" => node.field("function"),
        "binary_expression" => node.field("left"),
        "non_null_expression" | "as_expression" | "satisfies_expression" | "instantiation_expression" => {
            tree::first(node)
        }
        _ => None,
    }
}

impl<'t> Lowering<'t> {
    pub(super) fn spine(&mut self, node: Node<'t>) -> Expression {
        let mut links = Vec::new();
        let mut base = node;
        while let Some(next) = left(base) {
            links.push(base);
            base = next;
        }
        let mut value = if links.len() > SPINE {
            let cut = links.split_off(SPINE)[0];
            unknown(self.span(cut), TOO_DEEP)
        } else if links.is_empty() {
            return unknown(self.span(node), BROKEN);
        } else {
            self.spine_base(base)
        };
        while let Some(link) = links.pop() {
            value = self.link(link, value);
        }
        value
    }

    fn spine_base(&mut self, node: Node<'t>) -> Expression {
        match node.kind() {
            "import" => unknown(self.span(node), "import as a value"),
            "private_property_identifier" => string(self.span(node), self.text(node)),
            _ => self.expression(node),
        }
    }

    fn link(&mut self, node: Node<'t>, value: Expression) -> Expression {
        match node.kind() {
            "member_expression" => self.member(node, value),
            "subscript_expression" => self.subscript(node, value),
            "call_expression" => self.call(node, value),
            "binary_expression" => self.binary(node, value),
            _ => value,
        }
    }

    fn member(&mut self, node: Node<'t>, object: Expression) -> Expression {
        let span = self.span(node);
        let Some(property) = node.field("property") else { return unknown(span, BROKEN) };
        let text = self.text(property);
        if text == "exports" && self.is_global(&object, "module") {
            return expression(span, ExpressionKind::Exports);
        }
        let optional = self.is_optional(object.span, node);
        let mut member = member(object, text, self.span(property));
        member.span = span;
        if let ExpressionKind::Member { optional: mark, .. } = &mut member.kind {
            *mark = optional;
        }
        member
    }

    fn subscript(&mut self, node: Node<'t>, object: Expression) -> Expression {
        let optional = self.is_optional(object.span, node);
        let key = Box::new(self.field(node, "index"));
        expression(self.span(node), ExpressionKind::Index { object: Box::new(object), key, optional })
    }

    fn call(&mut self, node: Node<'t>, callee: Expression) -> Expression {
        let span = self.span(node);
        let (Some(function), Some(given)) = (node.field("function"), node.field("arguments")) else {
            return unknown(span, BROKEN);
        };
        if function.kind() == "import" {
            return self.import_call(span, given, "import of a computed name");
        }
        if function.kind() == "identifier"
            && self.text(function) == "require"
            && self.scopes.is_of_module("require")
            && given.kind() == "arguments"
        {
            return self.import_call(span, given, "require of a computed name");
        }
        let optional = self.is_optional(callee.span, node);
        let arguments =
            if given.kind() == "template_string" { self.tagged(given) } else { self.arguments(given) };
        expression(span, ExpressionKind::Call { callee: Box::new(callee), arguments, new: false, optional })
    }

    fn import_call(&mut self, span: Span, given: Node<'t>, otherwise: &'static str) -> Expression {
        match self.arguments(given).into_iter().next() {
            Some(argument) => import_of(argument.value, span, otherwise),
            None => unknown(span, otherwise),
        }
    }

    pub(super) fn arguments(&mut self, node: Node<'t>) -> Vec<Argument> {
        tree::children(node)
            .into_iter()
            .map(|child| {
                if child.kind() == "spread_element" {
                    Argument { kind: ArgumentKind::Spread, value: self.only_child(child) }
                } else {
                    Argument { kind: ArgumentKind::Positional, value: self.expression(child) }
                }
            })
            .collect()
    }

    /// A tag is called with the list of the texts, then with each value between them.
    fn tagged(&mut self, template: Node<'t>) -> Vec<Argument> {
        let mut texts = Vec::new();
        let mut values = Vec::new();
        let Range { mut start, end } = self.template_range(template);
        for child in tree::children(template) {
            if child.kind() == "template_substitution" {
                texts.push(Element::One(self.template_text(start, child.start_byte())));
                values.push(Argument { kind: ArgumentKind::Positional, value: self.only_child(child) });
                start = child.end_byte();
            }
        }
        texts.push(Element::One(self.template_text(start, end.max(start))));
        let list = expression(self.span(template), ExpressionKind::List(texts));
        std::iter::once(Argument { kind: ArgumentKind::Positional, value: list }).chain(values).collect()
    }

    /// What stands between the back quotes; the last one is missing where the text is broken.
    pub(super) fn template_range(&self, template: Node<'t>) -> Range<usize> {
        let start = template.start_byte() + 1;
        let end = template.end_byte();
        let is_closed = end > start && self.text.as_bytes().get(end - 1) == Some(&b'`');
        start..if is_closed { end - 1 } else { end }
    }

    pub(super) fn template_text(&self, start: usize, end: usize) -> Expression {
        let text = self.text.get(start..end).unwrap_or("");
        string(Span::new(self.source, start, end), &literals::unescape(text))
    }

    fn binary(&mut self, node: Node<'t>, left: Expression) -> Expression {
        let span = self.span(node);
        let right = Box::new(self.field(node, "right"));
        let Some(operator) = node.field("operator") else { return unknown(span, BROKEN) };
        match Operator::of(operator.kind()) {
            Some(operator) => expression(span, operator.with(left, right)),
            None => unknown(span, "unfamiliar operator"),
        }
    }

    /// Whether `?.` stands right behind the object or callee, which ends where `before` does or, where
    /// types or brackets follow it, a little later.
    fn is_optional(&self, before: Span, node: Node<'t>) -> bool {
        let start = left(node).map_or(before.end as usize, |left| left.end_byte());
        let after = self.text.get(start..node.end_byte()).unwrap_or("");
        after.starts_with("?.") || {
            let after = after.trim_start();
            after.starts_with("?.") || (after.starts_with('/') && tree::has_token(node, "?."))
        }
    }

    pub(super) fn is_global(&self, value: &Expression, name: &str) -> bool {
        matches!(&value.kind, ExpressionKind::Name(found) if found == name) && !self.scopes.is_bound(name)
    }
}

/// An operator between two values.
#[derive(Clone, Copy)]
pub enum Operator {
    Binary(BinaryOperator),
    Logical(LogicalOperator),
}

impl Operator {
    pub fn of(text: &str) -> Option<Self> {
        use BinaryOperator as B;
        Some(Self::Binary(match text {
            "+" => B::Add,
            "-" => B::Subtract,
            "*" => B::Multiply,
            "/" => B::Divide,
            "%" => B::Modulo,
            "**" => B::Power,
            "&" => B::BitAnd,
            "|" => B::BitOr,
            "^" => B::BitXor,
            "<<" => B::ShiftLeft,
            ">>" | ">>>" => B::ShiftRight,
            "==" | "===" => B::Equal,
            "!=" | "!==" => B::NotEqual,
            "<" => B::Less,
            "<=" => B::LessEqual,
            ">" => B::Greater,
            ">=" => B::GreaterEqual,
            "in" => B::In,
            "instanceof" => B::InstanceOf,
            "&&" => return Some(Self::Logical(LogicalOperator::And)),
            "||" => return Some(Self::Logical(LogicalOperator::Or)),
            "??" => return Some(Self::Logical(LogicalOperator::NullOr)),
            _ => return None,
        }))
    }

    pub fn with(self, left: Expression, right: Box<Expression>) -> ExpressionKind {
        let left = Box::new(left);
        match self {
            Self::Binary(operator) => ExpressionKind::Binary { operator, left, right },
            Self::Logical(operator) => ExpressionKind::Logical { operator, left, right },
        }
    }
}

/// The module that an expression names; one of two, where it chooses between names.
fn import_of(named: Expression, span: Span, otherwise: &'static str) -> Expression {
    match named.kind {
        ExpressionKind::String(module) => {
            expression(span, ExpressionKind::Import(Import { module, interop: true }))
        }
        ExpressionKind::Conditional { test, then, otherwise: other } => {
            let side = |named: Box<Expression>| {
                let within = named.span;
                Box::new(import_of(*named, within, otherwise))
            };
            let kind = ExpressionKind::Conditional { test, then: side(then), otherwise: side(other) };
            expression(span, kind)
        }
        _ => unknown(span, otherwise),
    }
}
