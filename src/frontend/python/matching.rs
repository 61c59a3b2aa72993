//! `match`: a chain of `if`, each pattern a test of parts of the subject.
//!
//! A test that the common form cannot express is an unknown one, so both branches stay possible.
//! What a pattern captures is assigned where its case begins; a guard, which runs before that, reads
//! the parts of the subject themselves.

use tree_sitter::Node;

use super::grammar::{self, Child, Field, Kind, field, named};
use super::imports::member;
use super::patterns::{index_number, index_of};
use super::statements::call;
use super::{Lowering, TOO_DEEP, name, unknown};
use crate::ir::{
    Argument, ArgumentKind, BinaryOperator, Expression, ExpressionKind, LogicalOperator, Pattern,
    PatternKind, Statement, StatementKind, UnaryOperator,
};
use crate::source::Span;

/// A part of the subject: its name and the way to the part.
#[derive(Clone, Debug)]
struct Part {
    root: String,
    steps: Vec<Step>,
    /// The number of items, where the subject is written as a list of them.
    length: Option<usize>,
}

#[derive(Clone, Debug)]
enum Step {
    Item { index: usize, from_end: bool },
    Rest { start: usize, end: usize },
    Key(Expression),
    Member(String),
}

impl Part {
    fn then(&self, step: Step) -> Self {
        let steps = self.steps.iter().cloned().chain([step]).collect();
        Self { root: self.root.clone(), steps, length: None }
    }

    fn read(&self, span: Span) -> Expression {
        let mut value = name(span, self.root.clone());
        for step in &self.steps {
            value = match step {
                Step::Item { index, from_end } => {
                    index_of(span, value, index_number(span, *index, *from_end))
                }
                Step::Key(key) => index_of(span, value, at(span, key.clone())),
                Step::Member(name) => member(span, value, name, span),
                Step::Rest { start, end } => {
                    let end = (*end > 0).then(|| index_number(span, *end, true));
                    let bounds = vec![Some(index_number(span, *start, false)), end];
                    Expression { span, kind: ExpressionKind::Slice { object: Box::new(value), bounds } }
                }
            };
        }
        value
    }
}

/// What a pattern asks and what it binds.
#[derive(Debug, Default)]
struct Reading {
    tests: Vec<Expression>,
    captures: Vec<Capture>,
}

#[derive(Debug)]
struct Capture {
    name: String,
    span: Span,
    /// The pattern that tells what is captured.
    whole: Span,
    value: Expression,
}

/// A case, read.
struct Case {
    span: Span,
    /// None: always taken.
    test: Option<Expression>,
    body: Vec<Statement>,
}

impl<'t> Lowering<'t> {
    pub(super) fn match_statement(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let span = self.span(node);
        let children = self.children(node);
        let clauses = match field(&children, Field::Body) {
            Some(body) => self.children(body.node),
            None => Vec::new(),
        };
        let part = self.subject(span, &children, &clauses, out);
        let depth = self.depth;
        let mut cases = Vec::new();
        let mut otherwise = Vec::new();
        for clause in clauses.iter().filter(|clause| clause.kind == Kind::CaseClause) {
            self.depth += 1;
            if self.depth >= super::DEEPEST {
                otherwise =
                    vec![Statement { span: self.span(clause.node), kind: StatementKind::Unknown(TOO_DEEP) }];
                break;
            }
            let case = self.case(clause.node, &part);
            if case.test.is_none() {
                otherwise = case.body;
                break;
            }
            cases.push(case);
        }
        self.depth = depth;
        for case in cases.into_iter().rev() {
            let span = Span { end: span.end, ..case.span };
            let test = case.test.unwrap_or(Expression { span, kind: ExpressionKind::Bool(true) });
            otherwise =
                vec![Statement { span, kind: StatementKind::If { test, then: case.body, otherwise } }];
        }
        out.append(&mut otherwise);
    }

    /// Names the subject, so that it is evaluated once.
    fn subject(
        &mut self,
        span: Span,
        children: &[Child<'t>],
        clauses: &[Child<'t>],
        out: &mut Vec<Statement>,
    ) -> Part {
        let subjects: Vec<_> =
            children.iter().copied().filter(|child| child.field == Field::Subject).collect();
        let has_comma = children.iter().any(|child| child.kind == Kind::Comma);
        let value = match subjects.as_slice() {
            [only] if !has_comma => self.expression(only.node),
            [] => unknown(span, "broken code"),
            [first, ..] => {
                let last = subjects.last().unwrap_or(first);
                let span = self.span(first.node).to(self.span(last.node));
                Expression { span, kind: self.list_of(&subjects) }
            }
        };
        if let ExpressionKind::Name(root) = &value.kind
            && !clauses.iter().any(|clause| self.captures_name(clause.node, root))
        {
            return Part { root: root.clone(), steps: Vec::new(), length: None };
        }
        let length = match &value.kind {
            ExpressionKind::List(items) => {
                items.iter().all(|item| matches!(item, crate::ir::Element::One(_))).then_some(items.len())
            }
            _ => None,
        };
        let root = self.scopes.temporary("subject");
        let target = Pattern { span: value.span, kind: PatternKind::Name(root.clone()) };
        out.push(Statement { span: value.span, kind: StatementKind::Assign { target, value } });
        Part { root, steps: Vec::new(), length }
    }

    /// Whether the patterns of a case may bind a name.
    fn captures_name(&mut self, clause: Node<'t>, name: &str) -> bool {
        let mut nodes: Vec<_> =
            self.children(clause).into_iter().filter(|child| child.kind == Kind::CasePattern).collect();
        while let Some(child) = nodes.pop() {
            if child.kind == Kind::Identifier && self.text(child.node) == name {
                return true;
            }
            nodes.extend(self.children(child.node));
        }
        false
    }

    fn case(&mut self, node: Node<'t>, part: &Part) -> Case {
        let span = self.span(node);
        let children = self.children(node);
        let patterns: Vec<_> =
            children.iter().copied().filter(|child| child.kind == Kind::CasePattern).collect();
        let has_comma = children.iter().any(|child| child.kind == Kind::Comma);
        let mut reading = Reading::default();
        match patterns.as_slice() {
            [only] if !has_comma => self.case_pattern(only.node, part, &mut reading),
            [] => reading.tests.push(unknown(span, "broken code")),
            [first, ..] => {
                let last = patterns.last().unwrap_or(first);
                let span = self.span(first.node).to(self.span(last.node));
                self.sequence(span, &patterns, part, &mut reading);
            }
        }
        let Reading { mut tests, captures } = reading;
        let mut body = Vec::new();
        let mut seen = Vec::new();
        for Capture { name, span, whole, value } in captures {
            seen.push((name.clone(), value.clone()));
            let target = Pattern { span, kind: PatternKind::Name(self.scopes.bind(&name)) };
            let value = at(whole, value);
            body.push(Statement { span: whole, kind: StatementKind::Assign { target, value } });
        }
        if let Some(guard) = field(&children, Field::Guard) {
            self.scopes.open_captures(seen);
            tests.extend(self.only_expression(guard.node));
            self.scopes.close_layer();
        }
        if let Some(block) = field(&children, Field::Consequence) {
            self.block_into(block.node, &mut body);
        }
        Case { span, test: all(tests), body }
    }

    fn case_pattern(&mut self, node: Node<'t>, part: &Part, reading: &mut Reading) {
        let read = self.nested(|this| {
            let children = this.children(node);
            this.simple_pattern(&children, node, part, reading);
        });
        if read.is_none() {
            reading.tests.push(unknown(self.span(node), TOO_DEEP));
        }
    }

    /// A pattern as the grammar spells it: one child, or a sign and a number.
    fn simple_pattern(&mut self, tokens: &[Child<'t>], node: Node<'t>, part: &Part, reading: &mut Reading) {
        let Some(first) = tokens.first().copied() else {
            return reading.tests.push(unknown(self.span(node), "broken code"));
        };
        let span = self.span(first.node);
        match first.kind {
            Kind::Underscore => {}
            Kind::CasePattern => self.case_pattern(first.node, part, reading),
            Kind::AsPattern => {
                let children = self.children(first.node);
                if let Some(inner) = children.iter().find(|child| child.kind == Kind::CasePattern) {
                    self.case_pattern(inner.node, part, reading);
                }
                if let Some(name) = children.iter().find(|child| child.kind == Kind::Identifier) {
                    self.capture(name.node, part, reading);
                }
            }
            Kind::DottedName => {
                let text = self.text(first.node);
                if !text.contains('.') {
                    if text != "_" {
                        self.capture(first.node, part, reading);
                    }
                    return;
                }
                let value = self.dotted_name(first.node);
                reading.tests.push(equal(span, part.read(span), value));
            }
            Kind::UnionPattern => self.union(first.node, part, reading),
            Kind::ListPattern | Kind::TuplePattern => {
                let children = self.children(first.node);
                let patterns: Vec<_> = named(&children).collect();
                let has_comma = children.iter().any(|child| child.kind == Kind::Comma);
                match patterns.as_slice() {
                    [only] if first.kind == Kind::TuplePattern && !has_comma => {
                        self.case_pattern(only.node, part, reading);
                    }
                    patterns => self.sequence(span, patterns, part, reading),
                }
            }
            Kind::DictPattern => self.mapping(first.node, part, reading),
            Kind::ClassPattern => self.class_pattern(first.node, part, reading),
            Kind::Minus => {
                let Some(number) = tokens.get(1) else { return };
                let span = span.to(self.span(number.node));
                let operand = Box::new(self.expression(number.node));
                let kind = ExpressionKind::Unary { operator: UnaryOperator::Minus, operand };
                reading.tests.push(equal(span, part.read(span), Expression { span, kind }));
            }
            Kind::ComplexPattern => reading.tests.push(unknown(span, "complex number")),
            _ => {
                let value = self.expression(first.node);
                reading.tests.push(equal(span, part.read(span), value));
            }
        }
    }

    fn capture(&mut self, node: Node<'t>, part: &Part, reading: &mut Reading) {
        let span = self.span(node);
        let name = self.text(node).to_owned();
        reading.captures.push(Capture { name, span, whole: span, value: part.read(span) });
    }

    /// `a | b`: one of the tests; a name is bound by the alternative that fits.
    fn union(&mut self, node: Node<'t>, part: &Part, reading: &mut Reading) {
        let children = self.children(node);
        let mut alternatives = Vec::new();
        for tokens in children.split(|child| child.kind == Kind::Bar) {
            let mut alternative = Reading::default();
            let read = self.nested(|this| this.simple_pattern(tokens, node, part, &mut alternative));
            if read.is_none() {
                alternative.tests.push(unknown(self.span(node), TOO_DEEP));
            }
            let test = all(alternative.tests)
                .unwrap_or(Expression { span: self.span(node), kind: ExpressionKind::Bool(true) });
            alternatives.push((test, alternative.captures));
        }
        if alternatives.len() > super::DEEPEST.saturating_sub(self.depth) as usize {
            return reading.tests.push(unknown(self.span(node), TOO_DEEP));
        }
        if let Some((_, captures)) = alternatives.last() {
            for last in captures {
                let mut value = last.value.clone();
                let span = self.span(node);
                for (test, captures) in alternatives.iter().rev().skip(1) {
                    let same = captures.iter().find(|capture| capture.name == last.name);
                    let then =
                        same.map_or(unknown(span, "name in one alternative"), |same| same.value.clone());
                    let parts = [test.clone(), then, value].map(|part| Box::new(at(span, part)));
                    let [test, then, otherwise] = parts;
                    value = Expression { span, kind: ExpressionKind::Conditional { test, then, otherwise } };
                }
                reading.captures.push(Capture {
                    name: last.name.clone(),
                    span: last.span,
                    whole: self.span(node),
                    value,
                });
            }
        }
        let tests = alternatives.into_iter().map(|(test, _)| test);
        reading.tests.extend(joined(LogicalOperator::Or, tests));
    }

    fn sequence(&mut self, span: Span, patterns: &[Child<'t>], part: &Part, reading: &mut Reading) {
        let stars: Vec<_> = patterns.iter().map(|pattern| self.star(pattern.node)).collect();
        let star = stars.iter().position(Option::is_some);
        let fixed = patterns.len() - usize::from(star.is_some());
        match part.length {
            Some(length) => {
                let fits = if star.is_some() { length >= fixed } else { length == fixed };
                if !fits {
                    reading.tests.push(Expression { span, kind: ExpressionKind::Bool(false) });
                }
            }
            None => {
                reading.tests.push(unknown(span, "sequence pattern"));
                let operator =
                    if star.is_some() { BinaryOperator::GreaterEqual } else { BinaryOperator::Equal };
                let argument = Argument { kind: ArgumentKind::Positional, value: part.read(span) };
                let left = Box::new(call(span, name(span, "len"), vec![argument]));
                let right = Box::new(index_number(span, fixed, false));
                let kind = ExpressionKind::Binary { operator, left, right };
                reading.tests.push(Expression { span, kind });
            }
        }
        for (index, pattern) in patterns.iter().enumerate() {
            match star {
                Some(star) if index == star => {
                    if let Some(Some(name)) = stars[star] {
                        let rest = Step::Rest { start: star, end: patterns.len() - 1 - star };
                        self.capture(name, &part.then(rest), reading);
                    }
                }
                Some(star) if index > star => {
                    let step = Step::Item { index: patterns.len() - index, from_end: true };
                    self.case_pattern(pattern.node, &part.then(step), reading);
                }
                _ => {
                    let step = Step::Item { index, from_end: false };
                    self.case_pattern(pattern.node, &part.then(step), reading);
                }
            }
        }
    }

    /// For `*rest`, the name; for `*_`, that there is none.
    fn star(&mut self, node: Node<'t>) -> Option<Option<Node<'t>>> {
        let splat = match grammar::kind(node) {
            Kind::SplatPattern => node,
            _ => self.children(node).first().filter(|child| child.kind == Kind::SplatPattern)?.node,
        };
        let name = named(&self.children(splat)).next().map(|name| name.node);
        Some(name.filter(|name| self.text(*name) != "_"))
    }

    fn mapping(&mut self, node: Node<'t>, part: &Part, reading: &mut Reading) {
        let span = self.span(node);
        let children = self.children(node);
        let mut has_key = false;
        for entry in children.split(|child| child.kind == Kind::Comma) {
            let (keys, value): (Vec<_>, Vec<_>) = entry.iter().partition(|child| child.field == Field::Key);
            let value = value.into_iter().find(|child: &Child<'t>| child.field == Field::Value);
            if let (Some(key), Some(value)) = (keys.last(), value) {
                has_key = true;
                let key = match keys.len() {
                    1 => self.expression(key.node),
                    _ => unknown(self.span(key.node), "key of a mapping pattern"),
                };
                let test_span = key.span;
                let (left, right) = (Box::new(key.clone()), Box::new(part.read(test_span)));
                let kind = ExpressionKind::Binary { operator: BinaryOperator::In, left, right };
                reading.tests.push(Expression { span: test_span, kind });
                self.case_pattern(value.node, &part.then(Step::Key(key)), reading);
            } else if let Some(splat) = entry.iter().find(|child| child.kind == Kind::SplatPattern)
                && let Some(Some(rest)) = self.star(splat.node)
            {
                let span = self.span(rest);
                let value = unknown(span, "rest of a mapping pattern");
                reading.captures.push(Capture { name: self.text(rest).to_owned(), span, whole: span, value });
            }
        }
        if !has_key {
            reading.tests.push(unknown(span, "mapping pattern"));
        }
    }

    fn class_pattern(&mut self, node: Node<'t>, part: &Part, reading: &mut Reading) {
        let span = self.span(node);
        let children = self.children(node);
        let Some(class) = children.iter().find(|child| child.kind == Kind::DottedName) else { return };
        let is_simple = SELF_MATCHING.contains(&self.text(class.node));
        let class = self.dotted_name(class.node);
        let arguments = [part.read(span), class]
            .into_iter()
            .map(|value| Argument { kind: ArgumentKind::Positional, value })
            .collect();
        reading.tests.push(call(span, name(span, "isinstance"), arguments));
        for child in children.iter().filter(|child| child.kind == Kind::CasePattern) {
            let inner = self.children(child.node);
            match inner.first().copied() {
                Some(keyword) if keyword.kind == Kind::KeywordPattern => {
                    let tokens = self.children(keyword.node);
                    let [name, _, value @ ..] = tokens.as_slice() else { continue };
                    let step = Step::Member(self.text(name.node).to_owned());
                    let read = self
                        .nested(|this| this.simple_pattern(value, keyword.node, &part.then(step), reading));
                    if read.is_none() {
                        reading.tests.push(unknown(span, TOO_DEEP));
                    }
                }
                _ if is_simple => self.case_pattern(child.node, part, reading),
                _ => self.unknown_part(child.node, reading),
            }
        }
    }

    /// A pattern on a part whose place is not known: `Point(x, y)`.
    fn unknown_part(&mut self, node: Node<'t>, reading: &mut Reading) {
        let why = "positional class pattern";
        let mut inner = Reading::default();
        let part = Part { root: String::new(), steps: Vec::new(), length: None };
        self.case_pattern(node, &part, &mut inner);
        if !inner.tests.is_empty() {
            reading.tests.push(unknown(self.span(node), why));
        }
        reading.captures.extend(
            inner
                .captures
                .into_iter()
                .map(|capture| Capture { value: unknown(capture.span, why), ..capture }),
        );
    }
}

/// Classes whose one positional pattern is about the subject itself.
/// Source: The Python Language Reference, 8.6.4.10 "Class Patterns".
const SELF_MATCHING: &[&str] =
    &["bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"];

/// A made-up expression again, for another place.
pub(super) fn at(span: Span, mut value: Expression) -> Expression {
    let mut rest = vec![&mut value];
    while let Some(value) = rest.pop() {
        value.span = span;
        match &mut value.kind {
            ExpressionKind::Member { object, name_span, .. } => {
                *name_span = span;
                rest.push(object);
            }
            ExpressionKind::Index { object, key, .. } => rest.extend([&mut **object, key]),
            ExpressionKind::Slice { object, bounds } => {
                rest.push(object);
                rest.extend(bounds.iter_mut().flatten());
            }
            ExpressionKind::Call { callee, arguments, .. } => {
                rest.push(callee);
                rest.extend(arguments.iter_mut().map(|argument| &mut argument.value));
            }
            ExpressionKind::Unary { operand, .. } => rest.push(operand),
            ExpressionKind::Binary { left, right, .. } | ExpressionKind::Logical { left, right, .. } => {
                rest.extend([&mut **left, right]);
            }
            ExpressionKind::Conditional { test, then, otherwise } => {
                rest.extend([&mut **test, then, otherwise]);
            }
            ExpressionKind::Template(parts) => rest.extend(parts),
            _ => {}
        }
    }
    value
}

fn equal(span: Span, left: Expression, right: Expression) -> Expression {
    let (left, right) = (Box::new(left), Box::new(right));
    Expression { span, kind: ExpressionKind::Binary { operator: BinaryOperator::Equal, left, right } }
}

/// All of the tests, or none where there are none.
fn all(tests: Vec<Expression>) -> Option<Expression> {
    joined(LogicalOperator::And, tests)
}

/// Joined in halves, so that many tests are not many levels.
fn joined(operator: LogicalOperator, tests: impl IntoIterator<Item = Expression>) -> Option<Expression> {
    let mut tests: Vec<_> = tests.into_iter().collect();
    while tests.len() > 1 {
        let mut pairs = Vec::with_capacity(tests.len().div_ceil(2));
        let mut rest = tests.into_iter();
        while let Some(left) = rest.next() {
            pairs.push(match rest.next() {
                None => left,
                Some(right) => {
                    let span = left.span.to(right.span);
                    let (left, right) = (Box::new(left), Box::new(right));
                    Expression { span, kind: ExpressionKind::Logical { operator, left, right } }
                }
            });
        }
        tests = pairs;
    }
    tests.pop()
}
