//! Expressions.

use ruff_python_ast::{
    ArgOrKeyword, BoolOp, CmpOp, Comprehension, Expr, ExprAttribute, ExprBoolOp, ExprCall, ExprCompare,
    ExprDict, ExprSubscript, Operator, UnaryOp,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::imports::import_call;
use super::patterns::{Binding, index_of};
use super::{Lowering, TOO_DEEP, is_missing, name, unknown};
use crate::ir::{
    Argument, ArgumentKind, BinaryOperator, Clause, Element, Expression, ExpressionKind, LogicalOperator,
    Pattern, PatternKind, Property, UnaryOperator,
};

impl Lowering<'_> {
    /// Any expression. Parentheses are not part of it.
    pub(super) fn expression(&mut self, node: &Expr) -> Expression {
        let span = self.span(node);
        if self.depth >= super::DEEPEST {
            return unknown(span, TOO_DEEP);
        }
        self.depth += 1;
        let kind = self.inside(span, |this| this.expression_kind(node));
        self.depth -= 1;
        Expression { span, kind }
    }

    fn boxed(&mut self, node: &Expr) -> Box<Expression> {
        Box::new(self.expression(node))
    }

    fn expression_kind(&mut self, node: &Expr) -> ExpressionKind {
        match node {
            missing if is_missing(missing) => ExpressionKind::Unknown("broken code"),
            Expr::Name(name) => self.scopes.resolve(self.span(name), self.text(name)),
            Expr::StringLiteral(string) => self.string(string),
            Expr::BytesLiteral(bytes) => self.bytes(bytes),
            Expr::FString(string) => self.formatted_string(string),
            Expr::TString(string) => self.template_string(string),
            Expr::Attribute(attribute) => self.attribute(attribute),
            Expr::Call(call) => self.call(call),
            Expr::NumberLiteral(number) => self.number(number),
            Expr::NoneLiteral(_) => ExpressionKind::Null,
            Expr::BooleanLiteral(literal) => ExpressionKind::Bool(literal.value),
            Expr::EllipsisLiteral(_) => ExpressionKind::Name("Ellipsis".to_owned()),
            Expr::Subscript(subscript) => self.subscript(subscript),
            Expr::Dict(dictionary) => self.dictionary(dictionary),
            Expr::List(list) => self.list_of(&list.elts),
            Expr::Tuple(tuple) => self.list_of(&tuple.elts),
            Expr::Set(set) => self.list_of(&set.elts),
            Expr::Starred(starred) => {
                ExpressionKind::List(vec![Element::Spread(self.expression(&starred.value))])
            }
            Expr::BinOp(binary) => {
                let left = self.boxed(&binary.left);
                let right = self.boxed(&binary.right);
                match arithmetic(binary.op) {
                    Some(operator) => ExpressionKind::Binary { operator, left, right },
                    None => ExpressionKind::Unknown("matrix product"),
                }
            }
            Expr::BoolOp(boolean) => self.boolean(boolean, &boolean.values),
            Expr::Compare(comparison) => self.comparison(comparison),
            Expr::UnaryOp(unary) => {
                ExpressionKind::Unary { operator: sign(unary.op), operand: self.boxed(&unary.operand) }
            }
            Expr::If(conditional) => {
                let test = self.boxed(&conditional.test);
                let then = self.boxed(&conditional.body);
                ExpressionKind::Conditional { test, then, otherwise: self.boxed(&conditional.orelse) }
            }
            Expr::ListComp(list) => self.comprehension(&list.generators, None, &list.elt),
            Expr::SetComp(set) => self.comprehension(&set.generators, None, &set.elt),
            Expr::Generator(generator) => self.comprehension(&generator.generators, None, &generator.elt),
            Expr::DictComp(dictionary) => {
                self.comprehension(&dictionary.generators, dictionary.key.as_deref(), &dictionary.value)
            }
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::Await(awaited) => ExpressionKind::Await(self.boxed(&awaited.value)),
            Expr::Yield(yielded) => {
                self.scopes.mark_generator();
                ExpressionKind::Yield(yielded.value.as_ref().map(|value| self.boxed(value)))
            }
            // What `yield from x` gives is what `x` returns in the end, as if awaited.
            Expr::YieldFrom(yielded) => {
                self.scopes.mark_generator();
                ExpressionKind::Await(self.boxed(&yielded.value))
            }
            Expr::Named(named) => {
                let value = self.boxed(&named.value);
                ExpressionKind::Assign { target: Box::new(self.target(&named.target)), value }
            }
            // One of several in an index, `table[:, 1:]`: what it is made of.
            Expr::Slice(slice) => {
                let bounds = [&slice.lower, &slice.upper, &slice.step];
                let given = bounds.into_iter().flatten();
                ExpressionKind::List(given.map(|one| Element::One(self.expression(one))).collect())
            }
            Expr::IpyEscapeCommand(_) => ExpressionKind::Unknown("unknown expression"),
        }
    }

    fn attribute(&mut self, attribute: &ExprAttribute) -> ExpressionKind {
        let object = self.boxed(&attribute.value);
        match self.identifier(&attribute.attr) {
            Some((name, name_span)) => {
                ExpressionKind::Member { object, name: name.to_owned(), name_span, optional: false }
            }
            // `object.` while the name is being typed.
            None => object.kind,
        }
    }

    fn call(&mut self, call: &ExprCall) -> ExpressionKind {
        let callee = self.boxed(&call.func);
        if matches!(&callee.kind, ExpressionKind::Name(name) if name == "super") {
            return ExpressionKind::Super;
        }
        let written = &call.arguments;
        let mut arguments: Vec<_> =
            written.iter_source_order().map(|argument| self.argument(argument)).collect();
        if let Some(kind) = import_call(&callee, &arguments) {
            return kind;
        }
        // The parentheses of the call are those of its only argument too.
        if let ([Expr::Generator(only)], [argument]) = (&*written.args, arguments.as_mut_slice())
            && !only.parenthesized
        {
            argument.value.span = self.span(written);
        }
        ExpressionKind::Call { callee, arguments, new: false, optional: false }
    }

    fn argument(&mut self, argument: ArgOrKeyword<'_>) -> Argument {
        let (kind, value) = match argument {
            ArgOrKeyword::Keyword(keyword) => match &keyword.arg {
                Some(name) => (ArgumentKind::Named(self.text(name).to_owned()), &keyword.value),
                None => (ArgumentKind::SpreadNamed, &keyword.value),
            },
            ArgOrKeyword::Arg(Expr::Starred(starred)) => (ArgumentKind::Spread, &*starred.value),
            ArgOrKeyword::Arg(value) => (ArgumentKind::Positional, value),
        };
        Argument { kind, value: self.expression(value) }
    }

    pub(super) fn list_of(&mut self, items: &[Expr]) -> ExpressionKind {
        let item = |item: &Expr| match item {
            Expr::Starred(starred) => Element::Spread(self.expression(&starred.value)),
            item => Element::One(self.expression(item)),
        };
        ExpressionKind::List(items.iter().map(item).collect())
    }

    fn dictionary(&mut self, dictionary: &ExprDict) -> ExpressionKind {
        let mut properties = Vec::with_capacity(dictionary.items.len());
        for item in &dictionary.items {
            properties.push(match &item.key {
                Some(key) => {
                    let key = self.expression(key);
                    Property::Pair(key, self.expression(&item.value))
                }
                None => Property::Spread(self.expression(&item.value)),
            });
        }
        ExpressionKind::Object(properties)
    }

    fn subscript(&mut self, subscript: &ExprSubscript) -> ExpressionKind {
        let object = self.expression(&subscript.value);
        let key = match &*subscript.slice {
            Expr::Slice(slice) => {
                let mut bound = |bound: &Option<Box<Expr>>| bound.as_ref().map(|one| self.expression(one));
                let mut bounds = vec![bound(&slice.lower), bound(&slice.upper)];
                bounds.extend(slice.step.is_some().then(|| bound(&slice.step)));
                return ExpressionKind::Slice { object: Box::new(object), bounds };
            }
            Expr::Tuple(keys) if !keys.parenthesized => {
                // From key to key, without a comma at the end.
                let end = keys.elts.last().map_or(keys.end(), Ranged::end);
                let span = self.span(TextRange::new(keys.start(), self.past_parentheses(end)));
                let items = self.inside(span, |this| {
                    keys.elts.iter().map(|key| Element::One(this.expression(key))).collect()
                });
                Expression { span, kind: ExpressionKind::List(items) }
            }
            key => self.expression(key),
        };
        index_of(object.span, object, key).kind
    }

    /// `a and b and c` is `(a and b) and c`.
    fn boolean(&mut self, boolean: &ExprBoolOp, values: &[Expr]) -> ExpressionKind {
        let [before @ .., last] = values else { return ExpressionKind::Unknown("broken code") };
        let left = match before {
            [only] => self.expression(only),
            [.., end] => {
                let range = TextRange::new(boolean.start(), self.past_parentheses(end.end()));
                let span = self.span(range);
                let kind = self.nested(|this| this.boolean(boolean, before));
                Expression { span, kind: kind.unwrap_or(ExpressionKind::Unknown(TOO_DEEP)) }
            }
            [] => return ExpressionKind::Unknown("broken code"),
        };
        let operator = match boolean.op {
            BoolOp::And => LogicalOperator::And,
            BoolOp::Or => LogicalOperator::Or,
        };
        ExpressionKind::Logical { operator, left: Box::new(left), right: self.boxed(last) }
    }

    /// The end of an expression, with the parentheses around it.
    pub(super) fn past_parentheses(&self, end: TextSize) -> TextSize {
        let mut found = end.to_usize();
        let mut rest = self.text.get(found..).unwrap_or_default();
        loop {
            let after = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\\');
            rest = match after.as_bytes().first() {
                Some(b'#') => after.find('\n').map_or("", |newline| &after[newline..]),
                Some(b')') => {
                    found = self.text.len() - after.len() + 1;
                    &after[1..]
                }
                _ => return TextSize::try_from(found).unwrap_or(end),
            };
        }
    }

    /// `a < b < c` is `a < b and b < c`, with `b` evaluated once.
    fn comparison(&mut self, comparison: &ExprCompare) -> ExpressionKind {
        let mut left = self.expression(&comparison.left);
        if comparison.ops.len() > super::DEEPEST.saturating_sub(self.depth) as usize {
            return ExpressionKind::Unknown(TOO_DEEP);
        }
        let compared = self.compared(comparison);
        if compared.iter().any(|(_, operand)| is_missing(operand)) {
            return ExpressionKind::Unknown("broken code");
        }
        let count = compared.len();
        let mut whole: Option<Expression> = None;
        for (index, (operator, operand)) in compared.into_iter().enumerate() {
            let (right, again) = match self.expression(operand) {
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

    /// The operators with what stands after each. `<>` of Python 2 is read as `<` and `>` with nothing
    /// between.
    fn compared<'e>(&mut self, comparison: &'e ExprCompare) -> Vec<(BinaryOperator, &'e Expr)> {
        let mut compared = Vec::with_capacity(comparison.ops.len());
        let mut pairs = comparison.ops.iter().zip(&comparison.comparators).peekable();
        while let Some((operator, operand)) = pairs.next() {
            let missing = operand.start();
            let spelled = self.text.get(missing.to_usize().saturating_sub(1)..);
            if is_missing(operand)
                && *operator == CmpOp::Lt
                && spelled.is_some_and(|spelled| spelled.starts_with("<>"))
                && let Some((_, operand)) = pairs.next_if(|(next, _)| **next == CmpOp::Gt)
            {
                self.understood.insert(missing);
                compared.push((BinaryOperator::NotEqual, operand));
            } else {
                compared.push((comparing(*operator), operand));
            }
        }
        compared
    }

    /// A value kept under a new name: the expression that keeps it, and the name.
    fn kept(&mut self, value: Expression) -> (Expression, Option<Expression>) {
        let span = value.span;
        let kept = self.scopes.temporary("value");
        let target = Box::new(Pattern { span, kind: PatternKind::Name(kept.clone()) });
        let value = Box::new(value);
        (Expression { span, kind: ExpressionKind::Assign { target, value } }, Some(name(span, kept)))
    }

    fn comprehension(
        &mut self,
        clauses: &[Comprehension],
        key: Option<&Expr>,
        value: &Expr,
    ) -> ExpressionKind {
        self.scopes.open_comprehension();
        let clauses = clauses.iter().map(|clause| self.clause(clause)).collect();
        let element = match key {
            None => self.expression(value),
            Some(key) => {
                let range = TextRange::new(key.start(), self.past_parentheses(value.end()));
                let span = self.span(range);
                let (key, value) = self.inside(span, |this| (this.expression(key), this.expression(value)));
                let items = vec![Element::One(key), Element::One(value)];
                Expression { span, kind: ExpressionKind::List(items) }
            }
        };
        self.scopes.close_layer();
        ExpressionKind::Comprehension { element: Box::new(element), clauses, dictionary: key.is_some() }
    }

    fn clause(&mut self, clause: &Comprehension) -> Clause {
        let iterable = self.expression(&clause.iter);
        let pattern = self.pattern(&clause.target, Binding::Comprehension);
        let conditions = clause.ifs.iter().map(|condition| self.expression(condition)).collect();
        Clause { pattern, iterable, conditions }
    }
}

/// Whether evaluating an expression again gives the same and does nothing.
pub(super) fn is_constant(value: &Expression) -> bool {
    matches!(
        value.kind,
        ExpressionKind::Null
            | ExpressionKind::Bool(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::String(_)
            | ExpressionKind::Name(_)
    )
}

pub(super) fn arithmetic(operator: Operator) -> Option<BinaryOperator> {
    Some(match operator {
        Operator::Add => BinaryOperator::Add,
        Operator::Sub => BinaryOperator::Subtract,
        Operator::Mult => BinaryOperator::Multiply,
        Operator::Div => BinaryOperator::Divide,
        Operator::FloorDiv => BinaryOperator::FloorDivide,
        Operator::Mod => BinaryOperator::Modulo,
        Operator::Pow => BinaryOperator::Power,
        Operator::BitOr => BinaryOperator::BitOr,
        Operator::BitAnd => BinaryOperator::BitAnd,
        Operator::BitXor => BinaryOperator::BitXor,
        Operator::LShift => BinaryOperator::ShiftLeft,
        Operator::RShift => BinaryOperator::ShiftRight,
        Operator::MatMult => return None,
    })
}

fn comparing(operator: CmpOp) -> BinaryOperator {
    match operator {
        CmpOp::Eq | CmpOp::Is => BinaryOperator::Equal,
        CmpOp::NotEq | CmpOp::IsNot => BinaryOperator::NotEqual,
        CmpOp::Lt => BinaryOperator::Less,
        CmpOp::LtE => BinaryOperator::LessEqual,
        CmpOp::Gt => BinaryOperator::Greater,
        CmpOp::GtE => BinaryOperator::GreaterEqual,
        CmpOp::In => BinaryOperator::In,
        CmpOp::NotIn => BinaryOperator::NotIn,
    }
}

fn sign(operator: UnaryOp) -> UnaryOperator {
    match operator {
        UnaryOp::Not => UnaryOperator::Not,
        UnaryOp::USub => UnaryOperator::Minus,
        UnaryOp::UAdd => UnaryOperator::Plus,
        UnaryOp::Invert => UnaryOperator::BitNot,
    }
}
