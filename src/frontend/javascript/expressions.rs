//! Expressions that are not part of a spine.

use std::ops::Range;

use super::spine::Operator;
use super::tree::Node;
use super::{
    BROKEN, DEPTH, Lowering, TOO_DEEP, expression, literals, name, name_pattern, number, place, string, tree,
    unknown,
};
use crate::ir::{BinaryOperator, Element, Expression, ExpressionKind, Pattern, Property, UnaryOperator};
use crate::source::Span;

/// An update of a place (`x += 1`, `x++`), in parts.
pub(super) struct Update {
    /// Evaluated first, into temporaries: what must not run twice.
    pub(super) before: Vec<(Pattern, Expression)>,
    pub(super) target: Pattern,
    pub(super) value: Expression,
}

impl<'t> Lowering<'t> {
    pub(super) fn expression(&mut self, node: Node<'t>) -> Expression {
        if self.depth >= DEPTH {
            return unknown(self.span(node), TOO_DEEP);
        }
        self.depth += 1;
        let lowered = self.expression_within(node);
        self.depth -= 1;
        lowered
    }

    fn expression_within(&mut self, node: Node<'t>) -> Expression {
        match node.kind() {
            "identifier" => self.name(node),
            "member_expression"
            | "subscript_expression"
            | "call_expression"
            | "binary_expression"
            | "non_null_expression"
            | "as_expression"
            | "satisfies_expression"
            | "instantiation_expression" => self.spine(node),
            "string" => string(self.span(node), &self.string_value(node)),
            "template_string" => self.template(node),
            "object" => self.object(node),
            "array" => self.array(node),
            "arrow_function" | "function_expression" | "generator_function" => self.function_value(node),
            "class" => self.class_value(node),
            "parenthesized_expression" => self.only_child(node),
            "await_expression" => self.wrap(node, ExpressionKind::Await),
            "new_expression" => self.instance(node),
            "ternary_expression" => self.conditional(node),
            "unary_expression" => self.unary(node),
            "assignment_expression" => self.assignment(node),
            "augmented_assignment_expression" | "update_expression" => self.update_value(node),
            "sequence_expression" => self.sequence(node),
            "yield_expression" => self.yielded(node),
            "type_assertion" => self.last_child(node),
            "internal_module" => self.namespace(node),
            _ => self.atom(node),
        }
    }

    fn atom(&mut self, node: Node<'t>) -> Expression {
        let span = self.span(node);
        let kind = match node.kind() {
            "this" => ExpressionKind::This,
            "super" => ExpressionKind::Super,
            "true" => ExpressionKind::Bool(true),
            "false" => ExpressionKind::Bool(false),
            "null" | "undefined" => ExpressionKind::Null,
            "number" => ExpressionKind::Number(literals::number(self.text(node))),
            "regex" => {
                let pattern = node.field("pattern").map_or("", |pattern| self.text(pattern));
                ExpressionKind::Regex(pattern.to_owned())
            }
            // `new.target` and `import.meta`: values of the language with a dotted name.
            "meta_property" => ExpressionKind::Name(self.text(node).to_owned()),
            "jsx_element" | "jsx_self_closing_element" => ExpressionKind::Unknown("JSX"),
            "ERROR" => ExpressionKind::Unknown(BROKEN),
            _ => ExpressionKind::Unknown("unfamiliar expression"),
        };
        expression(span, kind)
    }

    /// The expression in a field of a node.
    pub(super) fn field(&mut self, node: Node<'t>, field: &str) -> Expression {
        match node.field(field) {
            Some(child) => self.expression(child),
            None => unknown(self.span(node), BROKEN),
        }
    }

    pub(super) fn only_child(&mut self, node: Node<'t>) -> Expression {
        match tree::first(node) {
            Some(child) => self.expression(child),
            None => unknown(self.span(node), BROKEN),
        }
    }

    fn last_child(&mut self, node: Node<'t>) -> Expression {
        match tree::children(node).pop() {
            Some(child) => self.expression(child),
            None => unknown(self.span(node), BROKEN),
        }
    }

    fn wrap(&mut self, node: Node<'t>, kind: impl FnOnce(Box<Expression>) -> ExpressionKind) -> Expression {
        let inner = Box::new(self.only_child(node));
        expression(self.span(node), kind(inner))
    }

    pub(super) fn name(&mut self, node: Node<'t>) -> Expression {
        let span = self.span(node);
        let text = self.text(node);
        match self.scopes.resolve(text) {
            Some(bound) => name(span, bound),
            None if text == "exports" => expression(span, ExpressionKind::Exports),
            None => name(span, text),
        }
    }

    pub(super) fn string_value(&self, node: Node<'t>) -> String {
        let text = self.text(node);
        let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
        literals::unescape(inner)
    }

    fn template(&mut self, node: Node<'t>) -> Expression {
        let span = self.span(node);
        let Range { mut start, end } = self.template_range(node);
        let mut parts = Vec::new();
        for child in tree::children(node) {
            if child.kind() == "template_substitution" {
                if start < child.start_byte() {
                    parts.push(self.template_text(start, child.start_byte()));
                }
                parts.push(self.only_child(child));
                start = child.end_byte();
            }
        }
        if parts.is_empty() {
            return expression(span, self.template_text(start, end).kind);
        }
        if start < end {
            parts.push(self.template_text(start, end));
        }
        expression(span, ExpressionKind::Template(parts))
    }

    fn object(&mut self, node: Node<'t>) -> Expression {
        let properties = tree::children(node).into_iter().filter_map(|child| self.property(child)).collect();
        expression(self.span(node), ExpressionKind::Object(properties))
    }

    fn property(&mut self, node: Node<'t>) -> Option<Property> {
        match node.kind() {
            "pair" => {
                let key = self.key(node.field("key")?);
                Some(Property::Pair(key, self.field(node, "value")))
            }
            "shorthand_property_identifier" => {
                Some(Property::Pair(string(self.span(node), self.text(node)), self.name(node)))
            }
            "spread_element" => Some(Property::Spread(self.only_child(node))),
            "method_definition" if tree::has_token(node, "set") => None,
            "method_definition" => {
                let key = self.key(node.field("name")?);
                let value = if tree::has_token(node, "get") {
                    unknown(self.span(node), "getter of an object")
                } else {
                    let function = self.function(node, Vec::new());
                    expression(self.span(node), ExpressionKind::Function(Box::new(function)))
                };
                Some(Property::Pair(key, value))
            }
            _ => None,
        }
    }

    /// The key of a property, in an object or in a pattern.
    pub(super) fn key(&mut self, node: Node<'t>) -> Expression {
        match node.kind() {
            "computed_property_name" => self.only_child(node),
            "string" => string(self.span(node), &self.string_value(node)),
            "number" => string(self.span(node), &literals::number(self.text(node))),
            _ => string(self.span(node), self.text(node)),
        }
    }

    fn array(&mut self, node: Node<'t>) -> Expression {
        let elements = tree::children(node)
            .into_iter()
            .map(|child| match child.kind() {
                "spread_element" => Element::Spread(self.only_child(child)),
                _ => Element::One(self.expression(child)),
            })
            .collect();
        expression(self.span(node), ExpressionKind::List(elements))
    }

    fn instance(&mut self, node: Node<'t>) -> Expression {
        let callee = Box::new(self.field(node, "constructor"));
        let arguments = match node.field("arguments") {
            Some(given) => self.arguments(given),
            None => Vec::new(),
        };
        expression(self.span(node), ExpressionKind::Call { callee, arguments, new: true, optional: false })
    }

    fn conditional(&mut self, node: Node<'t>) -> Expression {
        let test = Box::new(self.field(node, "condition"));
        let then = Box::new(self.field(node, "consequence"));
        let otherwise = Box::new(self.field(node, "alternative"));
        expression(self.span(node), ExpressionKind::Conditional { test, then, otherwise })
    }

    fn unary(&mut self, node: Node<'t>) -> Expression {
        let operator = match node.field("operator").map(|operator| operator.kind()) {
            Some("!") => UnaryOperator::Not,
            Some("-") => UnaryOperator::Minus,
            Some("+") => UnaryOperator::Plus,
            Some("~") => UnaryOperator::BitNot,
            Some("typeof") => UnaryOperator::TypeOf,
            Some("void") => UnaryOperator::Void,
            // `delete a.b` as a value: afterwards there is nothing.
            _ => {
                let target = Box::new(place(self.field(node, "argument")));
                let value = Box::new(expression(self.span(node), ExpressionKind::Null));
                return expression(self.span(node), ExpressionKind::Assign { target, value });
            }
        };
        let operand = Box::new(self.field(node, "argument"));
        expression(self.span(node), ExpressionKind::Unary { operator, operand })
    }

    fn yielded(&mut self, node: Node<'t>) -> Expression {
        let value = tree::first(node).map(|child| Box::new(self.expression(child)));
        expression(self.span(node), ExpressionKind::Yield(value))
    }

    fn assignment(&mut self, node: Node<'t>) -> Expression {
        let Some(left) = node.field("left") else { return unknown(self.span(node), BROKEN) };
        let target = Box::new(self.pattern(left));
        let value = Box::new(self.field(node, "right"));
        let assigned = expression(self.span(node), ExpressionKind::Assign { target, value });
        self.follow_value(left, assigned)
    }

    /// Assigns the value on to the exports that an assignment to `left` changes too.
    fn follow_value(&self, left: Node<'t>, assigned: Expression) -> Expression {
        self.followed(left).into_iter().fold(assigned, |assigned, target| {
            let target = Box::new(target);
            expression(assigned.span, ExpressionKind::Assign { target, value: Box::new(assigned) })
        })
    }

    /// `(a, b)`: all are evaluated, the last is the value. Leading literals (`(0, f)()`) are dropped.
    fn sequence(&mut self, node: Node<'t>) -> Expression {
        let mut parts: Vec<Expression> = Vec::new();
        for child in tree::children(node) {
            parts.push(self.expression(child));
        }
        let Some(last) = parts.pop() else { return unknown(self.span(node), BROKEN) };
        parts.retain(|part| !is_literal(part));
        last_of(self.span(node), parts, last)
    }

    fn update_value(&mut self, node: Node<'t>) -> Expression {
        let span = self.span(node);
        let Some(update) = self.update(node) else { return unknown(span, BROKEN) };
        let before = update.before.into_iter().map(|(target, value)| {
            expression(
                value.span,
                ExpressionKind::Assign { target: Box::new(target), value: Box::new(value) },
            )
        });
        let before: Vec<Expression> = before.collect();
        let value = Box::new(update.value);
        let assigned = expression(span, ExpressionKind::Assign { target: Box::new(update.target), value });
        let left = node.field("left").or_else(|| node.field("argument"));
        let assigned = match left {
            Some(left) => self.follow_value(left, assigned),
            None => assigned,
        };
        let is_postfix = node.kind() == "update_expression"
            && node.child(0).is_some_and(|first| !matches!(first.kind(), "++" | "--"));
        if !is_postfix {
            return last_of(span, before, assigned);
        }
        let undo =
            if self.text(node).ends_with('+') { BinaryOperator::Subtract } else { BinaryOperator::Add };
        let old = Operator::Binary(undo).with(assigned, Box::new(number(span, 1)));
        last_of(span, before, expression(span, old))
    }

    /// The parts of `x += value`, `x ??= value`, `x++`.
    pub(super) fn update(&mut self, node: Node<'t>) -> Option<Update> {
        let span = self.span(node);
        let operator = node.field("operator")?.kind();
        let target = node.field("left").or_else(|| node.field("argument"))?;
        let mut before = Vec::new();
        let old = self.place_once(target, &mut before);
        let (operator, right) = match operator {
            "++" => ("+", number(span, 1)),
            "--" => ("-", number(span, 1)),
            _ => (operator.strip_suffix('=')?, self.field(node, "right")),
        };
        let target = match &old.kind {
            ExpressionKind::Name(text) => name_pattern(old.span, text),
            _ => place(old.clone()),
        };
        let value = expression(span, Operator::of(operator)?.with(old, Box::new(right)));
        Some(Update { before, target, value })
    }

    /// A place that can be read and then written without running a call in it twice.
    fn place_once(&mut self, node: Node<'t>, before: &mut Vec<(Pattern, Expression)>) -> Expression {
        let mut place = self.expression(node);
        match &mut place.kind {
            ExpressionKind::Member { object, .. } => self.keep(object, before),
            ExpressionKind::Index { object, key, .. } => {
                self.keep(object, before);
                self.keep(key, before);
            }
            ExpressionKind::Name(bound) if !self.scopes.is_bound(self.text(node)) => {
                let bound = bound.clone();
                self.scopes.declare_implicitly(&bound);
            }
            _ => {}
        }
        place
    }

    fn keep(&mut self, value: &mut Expression, before: &mut Vec<(Pattern, Expression)>) {
        if is_steady(value) {
            return;
        }
        let span = value.span;
        let temporary = self.scopes.temporary("place");
        let held = std::mem::replace(value, name(span, &temporary));
        before.push((name_pattern(span, &temporary), held));
    }
}

/// The last of several values, after evaluating all.
fn last_of(span: Span, before: Vec<Expression>, last: Expression) -> Expression {
    if before.is_empty() {
        return last;
    }
    let key = Box::new(number(span, before.len()));
    let elements = before.into_iter().chain(std::iter::once(last)).map(Element::One).collect();
    let object = Box::new(expression(span, ExpressionKind::List(elements)));
    expression(span, ExpressionKind::Index { object, key, optional: false })
}

fn is_literal(value: &Expression) -> bool {
    matches!(
        value.kind,
        ExpressionKind::Null
            | ExpressionKind::Bool(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::String(_)
    )
}

/// Whether evaluating a value twice does the same as once.
fn is_steady(value: &Expression) -> bool {
    let mut value = value;
    loop {
        value = match &value.kind {
            ExpressionKind::Member { object, .. } => object,
            ExpressionKind::Index { object, key, .. } => {
                if !is_literal(key) && !matches!(key.kind, ExpressionKind::Name(_) | ExpressionKind::This) {
                    return false;
                }
                object
            }
            ExpressionKind::Name(_)
            | ExpressionKind::This
            | ExpressionKind::Super
            | ExpressionKind::Exports
            | ExpressionKind::Import(_) => return true,
            _ => return is_literal(value),
        };
    }
}
