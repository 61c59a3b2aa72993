//! `match`: a chain of `if`, each pattern a test of parts of the subject.
//!
//! A test that the common form cannot express is an unknown one, so both branches stay possible.
//! What a pattern captures is assigned where its case begins; a guard, which runs before that, reads
//! the parts of the subject themselves.

use ruff_python_ast::{
    Expr, Identifier, MatchCase, Pattern as Tree, PatternMatchClass, PatternMatchMapping, PatternMatchOr,
    Singleton, StmtMatch,
};

use super::patterns::{index_number, index_of};
use super::statements::positional;
use super::{Lowering, TOO_DEEP, call, is_missing, member, name, unknown};
use crate::ir::{
    BinaryOperator, Element, Expression, ExpressionKind, LogicalOperator, Pattern, PatternKind, Statement,
    StatementKind,
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

impl Lowering<'_> {
    pub(super) fn match_statement(&mut self, matched: &StmtMatch, whole: Span, out: &mut Vec<Statement>) {
        let part = self.subject(matched, out);
        let depth = self.depth;
        let mut cases = Vec::new();
        let mut otherwise = Vec::new();
        for clause in &matched.cases {
            self.depth += 1;
            let span = self.clause_span(clause, &clause.body);
            if self.depth >= super::DEEPEST {
                otherwise = vec![Statement { span, kind: StatementKind::Unknown(TOO_DEEP) }];
                break;
            }
            let case = self.inside(span, |this| this.case(clause, span, &part));
            if case.test.is_none() {
                otherwise = case.body;
                break;
            }
            cases.push(case);
        }
        self.depth = depth;
        for case in cases.into_iter().rev() {
            let span = Span { end: whole.end, ..case.span };
            let test = case.test.unwrap_or(Expression { span, kind: ExpressionKind::Bool(true) });
            otherwise =
                vec![Statement { span, kind: StatementKind::If { test, then: case.body, otherwise } }];
        }
        out.append(&mut otherwise);
    }

    /// Names the subject, so that it is evaluated once.
    fn subject(&mut self, matched: &StmtMatch, out: &mut Vec<Statement>) -> Part {
        let value = self.expression(&matched.subject);
        if let ExpressionKind::Name(root) = &value.kind
            && !matched.cases.iter().any(|case| self.captures_name(&case.pattern, root))
        {
            return Part { root: root.clone(), steps: Vec::new(), length: None };
        }
        let length = match &value.kind {
            ExpressionKind::List(items) => {
                items.iter().all(|item| matches!(item, Element::One(_))).then_some(items.len())
            }
            _ => None,
        };
        let root = self.scopes.temporary("subject");
        let target = Pattern { span: value.span, kind: PatternKind::Name(root.clone()) };
        out.push(Statement { span: value.span, kind: StatementKind::Assign { target, value } });
        Part { root, steps: Vec::new(), length }
    }

    /// Whether a pattern binds a name.
    fn captures_name(&self, pattern: &Tree, name: &str) -> bool {
        let is = |bound: &Option<Identifier>| bound.as_ref().is_some_and(|bound| self.text(bound) == name);
        let any = |patterns: &[Tree]| patterns.iter().any(|inner| self.captures_name(inner, name));
        match pattern {
            Tree::MatchValue(_) | Tree::MatchSingleton(_) => false,
            Tree::MatchSequence(sequence) => any(&sequence.patterns),
            Tree::MatchMapping(mapping) => is(&mapping.rest) || any(&mapping.patterns),
            Tree::MatchClass(class) => {
                let mut keywords = class.arguments.keywords.iter();
                any(&class.arguments.patterns)
                    || keywords.any(|keyword| self.captures_name(&keyword.pattern, name))
            }
            Tree::MatchStar(star) => is(&star.name),
            Tree::MatchAs(named) => {
                let inner = named.pattern.as_ref();
                is(&named.name) || inner.is_some_and(|inner| self.captures_name(inner, name))
            }
            Tree::MatchOr(union) => any(&union.patterns),
        }
    }

    fn case(&mut self, case: &MatchCase, span: Span, part: &Part) -> Case {
        let mut reading = Reading::default();
        self.case_pattern(&case.pattern, part, &mut reading);
        let Reading { mut tests, captures } = reading;
        let mut body = Vec::new();
        let mut seen = Vec::new();
        for Capture { name, span, whole, value } in captures {
            seen.push((name.clone(), value.clone()));
            let target = Pattern { span, kind: PatternKind::Name(self.scopes.bind(&name)) };
            let value = at(whole, value);
            body.push(Statement { span: whole, kind: StatementKind::Assign { target, value } });
        }
        if let Some(guard) = &case.guard {
            self.scopes.open_captures(seen);
            tests.push(self.expression(guard));
            self.scopes.close_layer();
        }
        self.block_into(&case.body, &mut body);
        Case { span, test: all(tests), body }
    }

    fn case_pattern(&mut self, pattern: &Tree, part: &Part, reading: &mut Reading) {
        if self.nested(|this| this.pattern_tests(pattern, part, reading)).is_none() {
            reading.tests.push(unknown(self.span(pattern), TOO_DEEP));
        }
    }

    fn pattern_tests(&mut self, pattern: &Tree, part: &Part, reading: &mut Reading) {
        let span = self.span(pattern);
        match pattern {
            Tree::MatchAs(named) => {
                if let Some(inner) = &named.pattern {
                    self.case_pattern(inner, part, reading);
                }
                // `_` has no name.
                self.capture(named.name.as_ref(), part, reading);
            }
            Tree::MatchStar(star) => self.capture(star.name.as_ref(), part, reading),
            Tree::MatchOr(union) => self.union(union, part, reading),
            Tree::MatchSequence(sequence) => self.sequence(span, &sequence.patterns, part, reading),
            Tree::MatchMapping(mapping) => self.mapping(mapping, part, reading),
            Tree::MatchClass(class) => self.class_pattern(class, part, reading),
            Tree::MatchSingleton(singleton) => {
                let kind = match singleton.value {
                    Singleton::None => ExpressionKind::Null,
                    Singleton::True => ExpressionKind::Bool(true),
                    Singleton::False => ExpressionKind::Bool(false),
                };
                reading.tests.push(equal(span, part.read(span), Expression { span, kind }));
            }
            Tree::MatchValue(value) if is_missing(&value.value) => {
                reading.tests.push(unknown(self.around, "broken code"));
            }
            Tree::MatchValue(value) if !is_value(&value.value) => {
                reading.tests.push(unknown(span, "complex number"));
            }
            Tree::MatchValue(value) => {
                let value = self.expression(&value.value);
                reading.tests.push(equal(span, part.read(span), value));
            }
        }
    }

    fn capture(&mut self, bound: Option<&Identifier>, part: &Part, reading: &mut Reading) {
        if let Some((name, span)) = bound.and_then(|bound| self.identifier(bound)) {
            let name = name.to_owned();
            reading.captures.push(Capture { name, span, whole: span, value: part.read(span) });
        }
    }

    /// `a | b`: one of the tests; a name is bound by the alternative that fits.
    fn union(&mut self, union: &PatternMatchOr, part: &Part, reading: &mut Reading) {
        let span = self.span(union);
        if union.patterns.len() > super::DEEPEST.saturating_sub(self.depth) as usize {
            return reading.tests.push(unknown(span, TOO_DEEP));
        }
        let mut alternatives = Vec::new();
        for pattern in &union.patterns {
            let mut alternative = Reading::default();
            self.case_pattern(pattern, part, &mut alternative);
            let always = Expression { span, kind: ExpressionKind::Bool(true) };
            alternatives.push((all(alternative.tests).unwrap_or(always), alternative.captures));
        }
        if let Some((_, captures)) = alternatives.last() {
            for last in captures {
                let mut value = last.value.clone();
                for (test, captures) in alternatives.iter().rev().skip(1) {
                    let same = captures.iter().find(|capture| capture.name == last.name);
                    let then =
                        same.map_or(unknown(span, "name in one alternative"), |same| same.value.clone());
                    let parts = [test.clone(), then, value].map(|part| Box::new(at(span, part)));
                    let [test, then, otherwise] = parts;
                    value = Expression { span, kind: ExpressionKind::Conditional { test, then, otherwise } };
                }
                let name = last.name.clone();
                reading.captures.push(Capture { name, span: last.span, whole: span, value });
            }
        }
        let tests = alternatives.into_iter().map(|(test, _)| test);
        reading.tests.extend(joined(LogicalOperator::Or, tests));
    }

    fn sequence(&mut self, span: Span, patterns: &[Tree], part: &Part, reading: &mut Reading) {
        let star = patterns.iter().position(Tree::is_match_star);
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
                let left = Box::new(call(span, name(span, "len"), vec![positional(part.read(span))]));
                let right = Box::new(index_number(span, fixed, false));
                let kind = ExpressionKind::Binary { operator, left, right };
                reading.tests.push(Expression { span, kind });
            }
        }
        for (index, pattern) in patterns.iter().enumerate() {
            let step = match star {
                Some(star) if index == star => Step::Rest { start: star, end: patterns.len() - 1 - star },
                Some(star) if index > star => Step::Item { index: patterns.len() - index, from_end: true },
                _ => Step::Item { index, from_end: false },
            };
            self.case_pattern(pattern, &part.then(step), reading);
        }
    }

    fn mapping(&mut self, mapping: &PatternMatchMapping, part: &Part, reading: &mut Reading) {
        for (key, value) in mapping.keys.iter().zip(&mapping.patterns) {
            let key = match key {
                key if is_missing(key) => unknown(self.around, "broken code"),
                key if !is_value(key) => unknown(self.span(key), "key of a mapping pattern"),
                key => self.expression(key),
            };
            let span = key.span;
            let (left, right) = (Box::new(key.clone()), Box::new(part.read(span)));
            let kind = ExpressionKind::Binary { operator: BinaryOperator::In, left, right };
            reading.tests.push(Expression { span, kind });
            self.case_pattern(value, &part.then(Step::Key(key)), reading);
        }
        if let Some((name, span)) = mapping.rest.as_ref().and_then(|rest| self.identifier(rest))
            && name != "_"
        {
            let value = unknown(span, "rest of a mapping pattern");
            reading.captures.push(Capture { name: name.to_owned(), span, whole: span, value });
        }
        if mapping.keys.is_empty() {
            reading.tests.push(unknown(self.span(mapping), "mapping pattern"));
        }
    }

    fn class_pattern(&mut self, pattern: &PatternMatchClass, part: &Part, reading: &mut Reading) {
        let span = self.span(pattern);
        let is_simple = SELF_MATCHING.contains(&self.text(&*pattern.cls));
        let class = self.expression(&pattern.cls);
        let arguments = vec![positional(part.read(span)), positional(class)];
        reading.tests.push(call(span, name(span, "isinstance"), arguments));
        for inner in &pattern.arguments.patterns {
            if is_simple {
                self.case_pattern(inner, part, reading);
            } else {
                self.unknown_part(inner, reading);
            }
        }
        for keyword in &pattern.arguments.keywords {
            let step = Step::Member(self.text(&keyword.attr).to_owned());
            self.case_pattern(&keyword.pattern, &part.then(step), reading);
        }
    }

    /// A pattern on a part whose place is not known: `Point(x, y)`.
    fn unknown_part(&mut self, pattern: &Tree, reading: &mut Reading) {
        let why = "positional class pattern";
        let mut inner = Reading::default();
        let part = Part { root: String::new(), steps: Vec::new(), length: None };
        self.case_pattern(pattern, &part, &mut inner);
        if !inner.tests.is_empty() {
            reading.tests.push(unknown(self.span(pattern), why));
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

/// Whether an expression is what a pattern may compare with, a complex number excepted.
fn is_value(value: &Expr) -> bool {
    match value {
        Expr::UnaryOp(signed) => signed.operand.is_number_literal_expr(),
        Expr::Attribute(attribute) => attribute.value.is_name_expr() || is_value(&attribute.value),
        value => value.is_literal_expr() || value.is_name_expr(),
    }
}

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
