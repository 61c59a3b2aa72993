//! Targets of assignments, loops, `with` and comprehensions.

use tree_sitter::Node;

use super::grammar::{self, Child, Kind, named};
use super::{Lowering, name};
use crate::ir::{Expression, ExpressionKind, Pattern, PatternKind, Statement, StatementKind, UnaryOperator};
use crate::source::Span;

/// Where the names of a target belong.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Binding {
    Function,
    Comprehension,
}

impl<'t> Lowering<'t> {
    pub(super) fn target(&mut self, node: Node<'t>) -> Pattern {
        self.pattern(node, Binding::Function)
    }

    /// A target where statements can follow: `a, *b, c` needs some, for `c`.
    pub(super) fn target_with(&mut self, node: Node<'t>, after: &mut Vec<Statement>) -> Pattern {
        let kind = grammar::kind(node);
        if !matches!(kind, Kind::PatternList | Kind::TuplePattern | Kind::ListPattern) {
            return self.target(node);
        }
        let items: Vec<_> = named(&self.children(node)).collect();
        let star = items.iter().position(|item| item.kind == Kind::ListSplatPattern);
        let Some(star) = star.filter(|star| star + 1 < items.len()) else { return self.target(node) };
        let span = self.span(node);
        let whole = self.scopes.temporary("items");
        for (index, item) in items.iter().enumerate() {
            let object = name(span, whole.clone());
            let value = match index.cmp(&star) {
                std::cmp::Ordering::Less => index_of(span, object, index_number(span, index, false)),
                std::cmp::Ordering::Equal => {
                    let end = index_number(span, items.len() - 1 - star, true);
                    let bounds = vec![Some(index_number(span, star, false)), Some(end)];
                    Expression { span, kind: ExpressionKind::Slice { object: Box::new(object), bounds } }
                }
                std::cmp::Ordering::Greater => {
                    index_of(span, object, index_number(span, items.len() - index, true))
                }
            };
            let place = self.star_operand(*item);
            let mut more = Vec::new();
            let target = self.nested(|this| this.target_with(place, &mut more));
            if let Some(target) = target {
                after.push(Statement { span, kind: StatementKind::Assign { target, value } });
                after.append(&mut more);
            }
        }
        Pattern { span, kind: PatternKind::Name(whole) }
    }

    fn star_operand(&mut self, item: Child<'t>) -> Node<'t> {
        if matches!(item.kind, Kind::ListSplatPattern | Kind::ListSplat) {
            named(&self.children(item.node)).next().map_or(item.node, |inner| inner.node)
        } else {
            item.node
        }
    }

    pub(super) fn pattern(&mut self, node: Node<'t>, binding: Binding) -> Pattern {
        let span = self.span(node);
        let kind = match self.nested(|this| this.pattern_kind(node, binding)) {
            Some(PatternKind::List { mut items, rest: None })
                if items.len() == 1 && self.is_parenthesized(node) =>
            {
                return match items.pop().flatten() {
                    Some(only) => only,
                    None => Pattern { span, kind: PatternKind::List { items, rest: None } },
                };
            }
            Some(kind) => kind,
            None => PatternKind::Place(super::unknown(span, super::TOO_DEEP)),
        };
        Pattern { span, kind }
    }

    /// `(a) = 1`: parentheses, not a tuple.
    fn is_parenthesized(&mut self, node: Node<'t>) -> bool {
        match grammar::kind(node) {
            Kind::TuplePattern => !self.children(node).iter().any(|child| child.kind == Kind::Comma),
            Kind::ParenthesizedExpression | Kind::AsPatternTarget => true,
            _ => false,
        }
    }

    fn pattern_kind(&mut self, node: Node<'t>, binding: Binding) -> PatternKind {
        match grammar::kind(node) {
            Kind::Identifier => PatternKind::Name(self.bind(node, binding)),
            Kind::PatternList
            | Kind::TuplePattern
            | Kind::ListPattern
            | Kind::Tuple
            | Kind::List
            | Kind::ExpressionList
            | Kind::ParenthesizedExpression
            | Kind::AsPatternTarget => self.list_pattern(node, binding),
            // A star on its own stands where only a broken program has one.
            Kind::ListSplatPattern | Kind::ListSplat => {
                let kind = self.children(node).into_iter().find(|child| child.node.is_named());
                match kind {
                    Some(inner) => {
                        let rest = Some(Box::new(self.pattern(inner.node, binding)));
                        PatternKind::List { items: Vec::new(), rest }
                    }
                    None => PatternKind::List { items: Vec::new(), rest: None },
                }
            }
            _ => PatternKind::Place(self.expression(node)),
        }
    }

    fn list_pattern(&mut self, node: Node<'t>, binding: Binding) -> PatternKind {
        let mut items = Vec::new();
        let mut rest = None;
        for child in named(&self.children(node)) {
            let place = self.star_operand(child);
            let pattern = self.pattern(place, binding);
            if place != child.node {
                rest = Some(Box::new(pattern));
            } else if rest.is_none() {
                items.push(Some(pattern));
            }
        }
        PatternKind::List { items, rest }
    }

    fn bind(&mut self, node: Node<'t>, binding: Binding) -> String {
        let text = self.text(node);
        match binding {
            Binding::Function => self.scopes.bind(text),
            Binding::Comprehension => self.scopes.bind_in_comprehension(text),
        }
    }
}

pub(super) fn index_of(span: Span, object: Expression, key: Expression) -> Expression {
    let (object, key) = (Box::new(object), Box::new(key));
    Expression { span, kind: ExpressionKind::Index { object, key, optional: false } }
}

/// A place in a list, from its start or from its end.
pub(super) fn index_number(span: Span, index: usize, from_end: bool) -> Expression {
    let number = Expression { span, kind: ExpressionKind::Number(index.to_string()) };
    if !from_end {
        return number;
    }
    let operand = Box::new(number);
    Expression { span, kind: ExpressionKind::Unary { operator: UnaryOperator::Minus, operand } }
}
