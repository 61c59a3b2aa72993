//! Targets of assignments, loops, `with` and comprehensions.

use std::cmp::Ordering;

use ruff_python_ast::{Expr, Identifier};

use super::{Lowering, TOO_DEEP, is_missing, name, unknown};
use crate::ir::{Expression, ExpressionKind, Pattern, PatternKind, Statement, StatementKind, UnaryOperator};
use crate::source::Span;

/// Where the names of a target belong.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Binding {
    Function,
    Comprehension,
}

impl Lowering<'_> {
    /// A name that a definition, an import or a clause binds.
    pub(super) fn bound(&mut self, name: &Identifier) -> Pattern {
        Pattern { span: self.span(name), kind: PatternKind::Name(self.scopes.bind(self.text(name))) }
    }

    pub(super) fn target(&mut self, node: &Expr) -> Pattern {
        self.pattern(node, Binding::Function)
    }

    /// A target where statements can follow: `a, *b, c` needs some, for `c`.
    pub(super) fn target_with(&mut self, node: &Expr, after: &mut Vec<Statement>) -> Pattern {
        let items = items(node).unwrap_or_default();
        let star = items.iter().position(Expr::is_starred_expr);
        let Some(star) = star.filter(|star| star + 1 < items.len()) else { return self.target(node) };
        let span = self.span(node);
        let whole = self.scopes.temporary("items");
        for (index, item) in items.iter().enumerate() {
            let object = name(span, whole.clone());
            let value = match index.cmp(&star) {
                Ordering::Less => index_of(span, object, index_number(span, index, false)),
                Ordering::Equal => {
                    let end = index_number(span, items.len() - 1 - star, true);
                    let bounds = vec![Some(index_number(span, star, false)), Some(end)];
                    Expression { span, kind: ExpressionKind::Slice { object: Box::new(object), bounds } }
                }
                Ordering::Greater => index_of(span, object, index_number(span, items.len() - index, true)),
            };
            let place = item.as_starred_expr().map_or(item, |starred| &*starred.value);
            let mut more = Vec::new();
            if let Some(target) = self.nested(|this| this.target_with(place, &mut more)) {
                after.push(Statement { span, kind: StatementKind::Assign { target, value } });
                after.append(&mut more);
            }
        }
        Pattern { span, kind: PatternKind::Name(whole) }
    }

    pub(super) fn pattern(&mut self, node: &Expr, binding: Binding) -> Pattern {
        let span = self.span(node);
        let kind = self.nested(|this| this.inside(span, |this| this.pattern_kind(node, binding)));
        Pattern { span, kind: kind.unwrap_or_else(|| PatternKind::Place(unknown(span, TOO_DEEP))) }
    }

    fn pattern_kind(&mut self, node: &Expr, binding: Binding) -> PatternKind {
        match node {
            missing if is_missing(missing) => PatternKind::List { items: Vec::new(), rest: None },
            Expr::Name(name) => PatternKind::Name(match binding {
                Binding::Function => self.scopes.bind(self.text(name)),
                Binding::Comprehension => self.scopes.bind_in_comprehension(self.text(name)),
            }),
            // A star on its own stands where only a broken program has one.
            Expr::Starred(_) => self.list_pattern(std::slice::from_ref(node), binding),
            node => match items(node) {
                Some(items) => self.list_pattern(items, binding),
                None => PatternKind::Place(self.expression(node)),
            },
        }
    }

    fn list_pattern(&mut self, parts: &[Expr], binding: Binding) -> PatternKind {
        let mut items = Vec::new();
        let mut rest = None;
        for part in parts {
            match part {
                Expr::Starred(starred) => rest = Some(Box::new(self.pattern(&starred.value, binding))),
                part => {
                    let pattern = self.pattern(part, binding);
                    if rest.is_none() {
                        items.push(Some(pattern));
                    }
                }
            }
        }
        PatternKind::List { items, rest }
    }
}

/// The parts of a target that has some.
fn items(node: &Expr) -> Option<&[Expr]> {
    match node {
        Expr::Tuple(tuple) => Some(&tuple.elts),
        Expr::List(list) => Some(&list.elts),
        _ => None,
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
