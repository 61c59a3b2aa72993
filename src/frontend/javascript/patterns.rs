//! What is assigned to: names, places, destructuring.

use super::tree::Node;
use super::{BROKEN, DEPTH, Lowering, TOO_DEEP, expression, name_pattern, place, string, tree, unknown};
use crate::ir::{Expression, ExpressionKind, Pattern, PatternKind};

impl<'t> Lowering<'t> {
    pub(super) fn pattern(&mut self, node: Node<'t>) -> Pattern {
        if self.depth >= DEPTH {
            return place(unknown(self.span(node), TOO_DEEP));
        }
        self.depth += 1;
        let lowered = self.pattern_within(node);
        self.depth -= 1;
        lowered
    }

    fn pattern_within(&mut self, node: Node<'t>) -> Pattern {
        match node.kind() {
            "identifier" | "shorthand_property_identifier_pattern" => self.bound_name(node),
            "object_pattern" => self.object_pattern(node),
            "array_pattern" => self.array_pattern(node),
            "assignment_pattern" | "object_assignment_pattern" => self.default_pattern(node),
            "parenthesized_expression" | "non_null_expression" | "as_expression" | "satisfies_expression" => {
                match tree::first(node) {
                    Some(inner) => self.pattern(inner),
                    None => place(unknown(self.span(node), BROKEN)),
                }
            }
            _ => place(self.expression(node)),
        }
    }

    fn bound_name(&mut self, node: Node<'t>) -> Pattern {
        let span = self.span(node);
        let text = self.text(node);
        match self.scopes.resolve(text) {
            Some(bound) => name_pattern(span, bound),
            None if text == "exports" => place(expression(span, ExpressionKind::Exports)),
            None => {
                self.scopes.declare_implicitly(text);
                name_pattern(span, text)
            }
        }
    }

    fn default_pattern(&mut self, node: Node<'t>) -> Pattern {
        let span = self.span(node);
        let Some(left) = node.field("left") else { return place(unknown(span, BROKEN)) };
        let pattern = Box::new(self.pattern(left));
        let default = Box::new(self.field(node, "right"));
        Pattern { span, kind: PatternKind::Default { pattern, default } }
    }

    fn object_pattern(&mut self, node: Node<'t>) -> Pattern {
        let mut entries: Vec<(Expression, Pattern)> = Vec::new();
        let mut rest = None;
        for child in tree::children(node) {
            match child.kind() {
                "pair_pattern" => {
                    let (Some(key), Some(value)) = (child.field("key"), child.field("value")) else {
                        continue;
                    };
                    let key = self.key(key);
                    entries.push((key, self.pattern(value)));
                }
                "rest_pattern" => rest = self.rest(child),
                "object_assignment_pattern" => {
                    let Some(left) = child.field("left") else { continue };
                    let key = string(self.span(left), self.text(left));
                    entries.push((key, self.pattern(child)));
                }
                "shorthand_property_identifier_pattern" => {
                    let key = string(self.span(child), self.text(child));
                    entries.push((key, self.pattern(child)));
                }
                _ => {}
            }
        }
        Pattern { span: self.span(node), kind: PatternKind::Object { entries, rest } }
    }

    fn array_pattern(&mut self, node: Node<'t>) -> Pattern {
        let mut items = Vec::new();
        let mut rest = None;
        let mut is_hole = true;
        for child in node.all() {
            if child.kind() == "," {
                if is_hole {
                    items.push(None);
                }
                is_hole = true;
            } else if child.is_named() && !child.is_extra() && !child.is_error() {
                is_hole = false;
                if child.kind() == "rest_pattern" {
                    rest = self.rest(child);
                } else {
                    items.push(Some(self.pattern(child)));
                }
            }
        }
        Pattern { span: self.span(node), kind: PatternKind::List { items, rest } }
    }

    fn rest(&mut self, node: Node<'t>) -> Option<Box<Pattern>> {
        tree::first(node).map(|inner| Box::new(self.pattern(inner)))
    }
}
