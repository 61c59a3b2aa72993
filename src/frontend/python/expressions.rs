//! Expressions.

use tree_sitter::Node;

use super::grammar::{self, Child, Field, Kind, field, named};
use super::patterns::{Binding, index_of};
use super::statements::is_constant;
use super::{Lowering, TOO_DEEP, name, unknown};
use crate::ir::{
    Argument, ArgumentKind, BinaryOperator, Clause, Element, Expression, ExpressionKind, LogicalOperator,
    Pattern, PatternKind, Property, UnaryOperator,
};
use crate::source::Span;

impl<'t> Lowering<'t> {
    /// Any expression. Parentheses are not part of it.
    pub(super) fn expression(&mut self, node: Node<'t>) -> Expression {
        let mut node = node;
        let mut kind = grammar::kind(node);
        while kind == Kind::ParenthesizedExpression {
            let Some(inner) = named(&self.children(node)).next() else { break };
            node = inner.node;
            kind = inner.kind;
        }
        let span = self.span(node);
        if self.depth >= super::DEEPEST {
            return unknown(span, TOO_DEEP);
        }
        self.depth += 1;
        let kind = self.expression_kind(node, kind);
        self.depth -= 1;
        Expression { span, kind }
    }

    pub(super) fn field_expression(
        &mut self,
        children: &[Child<'t>],
        name: Field,
        node: Node<'t>,
    ) -> Expression {
        match field(children, name) {
            Some(child) => self.expression(child.node),
            None => unknown(self.span(node), "broken code"),
        }
    }

    pub(super) fn first_expression(&mut self, children: &[Child<'t>], node: Node<'t>) -> Expression {
        match named(children).next() {
            Some(child) => self.expression(child.node),
            None => unknown(self.span(node), "broken code"),
        }
    }

    fn boxed(&mut self, children: &[Child<'t>], name: Field, node: Node<'t>) -> Box<Expression> {
        Box::new(self.field_expression(children, name, node))
    }

    fn expression_kind(&mut self, node: Node<'t>, kind: Kind) -> ExpressionKind {
        match kind {
            Kind::Identifier => self.scopes.resolve(self.span(node), self.text(node)),
            Kind::String => self.string(node),
            Kind::Attribute => self.attribute(node),
            Kind::Call => self.call(node),
            Kind::Integer | Kind::Float => self.number(node),
            Kind::None => ExpressionKind::Null,
            Kind::True => ExpressionKind::Bool(true),
            Kind::False => ExpressionKind::Bool(false),
            Kind::Subscript => self.subscript(node),
            Kind::Dictionary => self.dictionary(node),
            Kind::List
            | Kind::Tuple
            | Kind::Set
            | Kind::ExpressionList
            | Kind::PatternList
            | Kind::TuplePattern
            | Kind::ListPattern => {
                let children = self.children(node);
                self.list_of(&children)
            }
            Kind::BinaryOperator => self.binary(node),
            Kind::BooleanOperator => self.boolean(node),
            Kind::ComparisonOperator => self.comparison(node),
            Kind::NotOperator => self.unary(node, UnaryOperator::Not),
            Kind::UnaryOperator => self.sign(node),
            Kind::ConditionalExpression => self.conditional(node),
            Kind::ListComprehension
            | Kind::SetComprehension
            | Kind::GeneratorExpression
            | Kind::DictionaryComprehension => self.comprehension(node, kind),
            Kind::Lambda => self.lambda(node),
            Kind::Await => self.awaited(node),
            Kind::Yield => self.yielded(node),
            Kind::ConcatenatedString => self.concatenated_string(node),
            Kind::NamedExpression => self.walrus(node),
            Kind::Ellipsis => ExpressionKind::Name("Ellipsis".to_owned()),
            Kind::DottedName => self.dotted_name(node).kind,
            Kind::ListSplat | Kind::ListSplatPattern => {
                ExpressionKind::List(vec![Element::Spread(self.operand(node))])
            }
            Kind::ParenthesizedExpression => ExpressionKind::Unknown("broken code"),
            _ => ExpressionKind::Unknown("unknown expression"),
        }
    }

    /// The one expression inside, such as that of `*items`.
    fn operand(&mut self, node: Node<'t>) -> Expression {
        let children = self.children(node);
        self.first_expression(&children, node)
    }

    fn attribute(&mut self, node: Node<'t>) -> ExpressionKind {
        let children = self.children(node);
        let object = self.boxed(&children, Field::Object, node);
        match field(&children, Field::Attribute) {
            Some(name) => ExpressionKind::Member {
                object,
                name: self.text(name.node).to_owned(),
                name_span: self.span(name.node),
                optional: false,
            },
            // `object.` while the name is being typed.
            None => object.kind,
        }
    }

    fn call(&mut self, node: Node<'t>) -> ExpressionKind {
        let children = self.children(node);
        let callee = self.boxed(&children, Field::Function, node);
        if matches!(&callee.kind, ExpressionKind::Name(name) if name == "super") {
            return ExpressionKind::Super;
        }
        let mut arguments = Vec::new();
        match field(&children, Field::Arguments) {
            Some(list) if list.kind == Kind::ArgumentList => {
                for child in named(&self.children(list.node)) {
                    arguments.push(self.argument(child));
                }
            }
            Some(generator) => arguments
                .push(Argument { kind: ArgumentKind::Positional, value: self.expression(generator.node) }),
            None => {}
        }
        ExpressionKind::Call { callee, arguments, new: false, optional: false }
    }

    fn argument(&mut self, child: Child<'t>) -> Argument {
        let node = child.node;
        match child.kind {
            Kind::KeywordArgument => {
                let parts = self.children(node);
                let name = field(&parts, Field::Name).map_or("", |name| self.text(name.node));
                let value = self.field_expression(&parts, Field::Value, node);
                Argument { kind: ArgumentKind::Named(name.to_owned()), value }
            }
            Kind::ListSplat | Kind::ListSplatPattern => {
                Argument { kind: ArgumentKind::Spread, value: self.operand(node) }
            }
            Kind::DictionarySplat => Argument { kind: ArgumentKind::SpreadNamed, value: self.operand(node) },
            _ => Argument { kind: ArgumentKind::Positional, value: self.expression(node) },
        }
    }

    pub(super) fn list_of(&mut self, children: &[Child<'t>]) -> ExpressionKind {
        let mut items = Vec::new();
        for child in named(children) {
            items.push(match child.kind {
                Kind::ListSplat | Kind::ListSplatPattern => Element::Spread(self.operand(child.node)),
                _ => Element::One(self.expression(child.node)),
            });
        }
        ExpressionKind::List(items)
    }

    fn dictionary(&mut self, node: Node<'t>) -> ExpressionKind {
        let mut properties = Vec::new();
        for child in named(&self.children(node)) {
            if child.kind == Kind::DictionarySplat {
                properties.push(Property::Spread(self.operand(child.node)));
            } else {
                let (key, value) = self.pair(child.node);
                properties.push(Property::Pair(key, value));
            }
        }
        ExpressionKind::Object(properties)
    }

    fn pair(&mut self, node: Node<'t>) -> (Expression, Expression) {
        let parts = self.children(node);
        let key = self.field_expression(&parts, Field::Key, node);
        (key, self.field_expression(&parts, Field::Value, node))
    }

    fn subscript(&mut self, node: Node<'t>) -> ExpressionKind {
        let children = self.children(node);
        let object = self.field_expression(&children, Field::Value, node);
        let keys: Vec<_> = children.iter().copied().filter(|child| child.field == Field::Subscript).collect();
        let has_comma = children.iter().any(|child| child.kind == Kind::Comma);
        match keys.as_slice() {
            [slice] if slice.kind == Kind::Slice && !has_comma => {
                let bounds = self.bounds(slice.node);
                ExpressionKind::Slice { object: Box::new(object), bounds }
            }
            [key] if !has_comma => {
                let key = self.expression(key.node);
                index_of(object.span, object, key).kind
            }
            keys => {
                let mut items = Vec::new();
                for key in keys {
                    items.push(Element::One(match key.kind {
                        Kind::Slice => unknown(self.span(key.node), "slice in an index"),
                        _ => self.expression(key.node),
                    }));
                }
                let span = match (keys.first(), keys.last()) {
                    (Some(first), Some(last)) => self.span(first.node).to(self.span(last.node)),
                    _ => self.span(node),
                };
                let key = Expression { span, kind: ExpressionKind::List(items) };
                index_of(object.span, object, key).kind
            }
        }
    }

    fn bounds(&mut self, node: Node<'t>) -> Vec<Option<Expression>> {
        let mut bounds = vec![None];
        for child in self.children(node) {
            if child.kind == Kind::Colon {
                bounds.push(None);
            } else if let Some(bound) = bounds.last_mut() {
                *bound = Some(self.expression(child.node));
            }
        }
        bounds
    }

    fn binary(&mut self, node: Node<'t>) -> ExpressionKind {
        let children = self.children(node);
        let left = self.boxed(&children, Field::Left, node);
        let right = self.boxed(&children, Field::Right, node);
        match field(&children, Field::Operator).and_then(|operator| arithmetic(operator.kind)) {
            Some(operator) => ExpressionKind::Binary { operator, left, right },
            None => ExpressionKind::Unknown("matrix product"),
        }
    }

    fn boolean(&mut self, node: Node<'t>) -> ExpressionKind {
        let children = self.children(node);
        let left = self.boxed(&children, Field::Left, node);
        let right = self.boxed(&children, Field::Right, node);
        let is_and = children.iter().any(|child| child.kind == Kind::And);
        let operator = if is_and { LogicalOperator::And } else { LogicalOperator::Or };
        ExpressionKind::Logical { operator, left, right }
    }

    /// `a < b < c` is `a < b and b < c`, with `b` evaluated once.
    fn comparison(&mut self, node: Node<'t>) -> ExpressionKind {
        let children = self.children(node);
        let operators: Vec<_> = children.iter().filter(|child| child.field == Field::Operators).collect();
        let mut operands =
            children.iter().filter(|child| child.field != Field::Operators && child.node.is_named());
        let Some(first) = operands.next() else { return ExpressionKind::Unknown("broken code") };
        let mut left = self.expression(first.node);
        let mut whole: Option<Expression> = None;
        let count = operators.len();
        if count > super::DEEPEST.saturating_sub(self.depth) as usize {
            return ExpressionKind::Unknown(TOO_DEEP);
        }
        for (index, (operator, operand)) in operators.into_iter().zip(operands).enumerate() {
            let Some(operator) = comparing(operator.kind) else {
                return ExpressionKind::Unknown("unknown operator");
            };
            let (right, again) = match self.expression(operand.node) {
                last if index + 1 == count => (last, None),
                simple if is_constant(&simple) => (simple.clone(), Some(simple)),
                value => self.kept(value),
            };
            let span = left.span.to(right.span);
            let (before, after) = (Box::new(left), Box::new(right));
            let compared =
                Expression { span, kind: ExpressionKind::Binary { operator, left: before, right: after } };
            whole = Some(match whole {
                None => compared,
                Some(whole) => Expression {
                    span: whole.span.to(compared.span),
                    kind: ExpressionKind::Logical {
                        operator: LogicalOperator::And,
                        left: Box::new(whole),
                        right: Box::new(compared),
                    },
                },
            });
            left = match again {
                Some(again) => again,
                None => break,
            };
        }
        whole.map_or(ExpressionKind::Unknown("broken code"), |whole| whole.kind)
    }

    /// A value kept under a new name: the expression that keeps it, and the name.
    fn kept(&mut self, value: Expression) -> (Expression, Option<Expression>) {
        let span = value.span;
        let kept = self.scopes.temporary("value");
        let target = Box::new(Pattern { span, kind: PatternKind::Name(kept.clone()) });
        let value = Box::new(value);
        (Expression { span, kind: ExpressionKind::Assign { target, value } }, Some(name(span, kept)))
    }

    fn unary(&mut self, node: Node<'t>, operator: UnaryOperator) -> ExpressionKind {
        let children = self.children(node);
        let operand = self.boxed(&children, Field::Argument, node);
        ExpressionKind::Unary { operator, operand }
    }

    fn sign(&mut self, node: Node<'t>) -> ExpressionKind {
        let operator = match field(&self.children(node), Field::Operator).map(|operator| operator.kind) {
            Some(Kind::Minus) => UnaryOperator::Minus,
            Some(Kind::Tilde) => UnaryOperator::BitNot,
            _ => UnaryOperator::Plus,
        };
        self.unary(node, operator)
    }

    fn conditional(&mut self, node: Node<'t>) -> ExpressionKind {
        let children = self.children(node);
        let parts: Vec<_> = named(&children).collect();
        let [then, test, otherwise] = parts.as_slice() else { return ExpressionKind::Unknown("broken code") };
        let test = Box::new(self.expression(test.node));
        let then = Box::new(self.expression(then.node));
        let otherwise = Box::new(self.expression(otherwise.node));
        ExpressionKind::Conditional { test, then, otherwise }
    }

    fn comprehension(&mut self, node: Node<'t>, kind: Kind) -> ExpressionKind {
        let children = self.children(node);
        self.scopes.open_comprehension();
        let mut clauses: Vec<Clause> = Vec::new();
        for child in &children {
            if child.kind == Kind::ForInClause {
                clauses.push(self.for_clause(child.node));
            } else if child.kind == Kind::IfClause {
                let condition = self.operand(child.node);
                if let Some(clause) = clauses.last_mut() {
                    clause.conditions.push(condition);
                }
            }
        }
        let dictionary = kind == Kind::DictionaryComprehension;
        let element = match field(&children, Field::Body) {
            Some(body) if dictionary => {
                let (key, value) = self.pair(body.node);
                let items = vec![Element::One(key), Element::One(value)];
                Expression { span: self.span(body.node), kind: ExpressionKind::List(items) }
            }
            Some(body) => self.expression(body.node),
            None => unknown(self.span(node), "broken code"),
        };
        self.scopes.close_layer();
        ExpressionKind::Comprehension { element: Box::new(element), clauses, dictionary }
    }

    fn for_clause(&mut self, node: Node<'t>) -> Clause {
        let children = self.children(node);
        let iterables: Vec<_> = children
            .iter()
            .copied()
            .filter(|child| child.field == Field::Right && child.node.is_named())
            .collect();
        let iterable = match iterables.as_slice() {
            [] => unknown(self.span(node), "broken code"),
            [one] => self.expression(one.node),
            [first, .., last] => {
                let span = self.span(first.node).to(self.span(last.node));
                Expression { span, kind: self.list_of(&iterables) }
            }
        };
        let pattern = match field(&children, Field::Left) {
            Some(left) => self.pattern(left.node, Binding::Comprehension),
            None => {
                Pattern { span: self.span(node), kind: PatternKind::List { items: Vec::new(), rest: None } }
            }
        };
        Clause { pattern, iterable, conditions: Vec::new() }
    }

    fn awaited(&mut self, node: Node<'t>) -> ExpressionKind {
        ExpressionKind::Await(Box::new(self.operand(node)))
    }

    /// `yield`; the value of `yield from x` is what `x` returns in the end, as if awaited.
    fn yielded(&mut self, node: Node<'t>) -> ExpressionKind {
        self.scopes.mark_generator();
        let children = self.children(node);
        let value = named(&children).next().map(|value| Box::new(self.expression(value.node)));
        match value {
            Some(value) if children.iter().any(|child| child.kind == Kind::From) => {
                ExpressionKind::Await(value)
            }
            value => ExpressionKind::Yield(value),
        }
    }

    fn walrus(&mut self, node: Node<'t>) -> ExpressionKind {
        let children = self.children(node);
        let value = self.boxed(&children, Field::Value, node);
        let Some(name) = field(&children, Field::Name) else { return ExpressionKind::Unknown("broken code") };
        ExpressionKind::Assign { target: Box::new(self.target(name.node)), value }
    }

    /// `a.b.c` where the grammar reads only names.
    pub(super) fn dotted_name(&mut self, node: Node<'t>) -> Expression {
        let whole = self.span(node);
        let children = self.children(node);
        let mut found: Option<Expression> = None;
        for part in named(&children).take(super::DEEPEST as usize / 2) {
            let span = self.span(part.node);
            found = Some(match found {
                None => Expression { span, kind: self.scopes.resolve(span, self.text(part.node)) },
                Some(object) => {
                    let reached = Span { end: span.end, ..whole };
                    super::imports::member(reached, object, self.text(part.node), span)
                }
            });
        }
        found.unwrap_or_else(|| unknown(whole, "broken code"))
    }
}

fn arithmetic(kind: Kind) -> Option<BinaryOperator> {
    Some(match kind {
        Kind::Plus => BinaryOperator::Add,
        Kind::Minus => BinaryOperator::Subtract,
        Kind::Star => BinaryOperator::Multiply,
        Kind::Slash => BinaryOperator::Divide,
        Kind::DoubleSlash => BinaryOperator::FloorDivide,
        Kind::Percent => BinaryOperator::Modulo,
        Kind::DoubleStar => BinaryOperator::Power,
        Kind::Bar => BinaryOperator::BitOr,
        Kind::Ampersand => BinaryOperator::BitAnd,
        Kind::Caret => BinaryOperator::BitXor,
        Kind::ShiftLeft => BinaryOperator::ShiftLeft,
        Kind::ShiftRight => BinaryOperator::ShiftRight,
        _ => return None,
    })
}

fn comparing(kind: Kind) -> Option<BinaryOperator> {
    Some(match kind {
        Kind::Equal | Kind::Is => BinaryOperator::Equal,
        Kind::NotEqual | Kind::OldNotEqual | Kind::IsNot => BinaryOperator::NotEqual,
        Kind::Less => BinaryOperator::Less,
        Kind::LessEqual => BinaryOperator::LessEqual,
        Kind::Greater => BinaryOperator::Greater,
        Kind::GreaterEqual => BinaryOperator::GreaterEqual,
        Kind::In => BinaryOperator::In,
        Kind::NotIn => BinaryOperator::NotIn,
        _ => return None,
    })
}
