//! Every expression and every span of a module, without recursion.

use crate::ir::{
    Argument, Catch, Class, Clause, Element, Expression, ExpressionKind, Function, Member, Module, Parameter,
    Pattern, PatternKind, Property, Statement, StatementKind,
};
use crate::source::Span;

/// What is done with the parts of a module. The order of visits is not that of the text.
pub(super) trait Visitor {
    fn expression(&mut self, _: &mut Expression) {}
    fn span(&mut self, _: &mut Span) {}
}

/// Visits all parts of a module.
pub(super) fn walk(module: &mut Module, visitor: &mut dyn Visitor) {
    let mut walk = Walk { rest: Vec::new(), visitor };
    module.broken.iter_mut().for_each(|span| walk.visitor.span(span));
    walk.block(&mut module.body);
    while let Some(item) = walk.rest.pop() {
        match item {
            Item::Statement(statement) => walk.statement(statement),
            Item::Expression(expression) => walk.expression(expression),
            Item::Pattern(pattern) => walk.pattern(pattern),
        }
    }
}

enum Item<'m> {
    Statement(&'m mut Statement),
    Expression(&'m mut Expression),
    Pattern(&'m mut Pattern),
}

struct Walk<'m, 'v> {
    rest: Vec<Item<'m>>,
    visitor: &'v mut dyn Visitor,
}

impl<'m> Walk<'m, '_> {
    fn block(&mut self, body: &'m mut [Statement]) {
        self.rest.extend(body.iter_mut().map(Item::Statement));
    }

    fn blocks<const N: usize>(&mut self, blocks: [&'m mut Vec<Statement>; N]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn push(&mut self, expression: &'m mut Expression) {
        self.rest.push(Item::Expression(expression));
    }

    fn push_all(&mut self, expressions: impl IntoIterator<Item = &'m mut Expression>) {
        self.rest.extend(expressions.into_iter().map(Item::Expression));
    }

    fn bind(&mut self, pattern: &'m mut Pattern) {
        self.rest.push(Item::Pattern(pattern));
    }

    fn statement(&mut self, statement: &'m mut Statement) {
        self.visitor.span(&mut statement.span);
        match &mut statement.kind {
            StatementKind::Expression(value) | StatementKind::Delete(value) => self.push(value),
            StatementKind::Assign { target, value } => {
                self.bind(target);
                self.push(value);
            }
            StatementKind::If { test, then, otherwise } => {
                self.push(test);
                self.blocks([then, otherwise]);
            }
            StatementKind::ForEach { pattern, iterable, body, otherwise } => {
                self.bind(pattern);
                self.push(iterable);
                self.blocks([body, otherwise]);
            }
            StatementKind::While { test, body, update, otherwise, .. } => {
                self.push(test);
                self.blocks([body, update, otherwise]);
            }
            StatementKind::Try { body, catches, otherwise, finally } => {
                self.blocks([body, otherwise, finally]);
                catches.iter_mut().for_each(|catch| self.catch(catch));
            }
            StatementKind::With { value, pattern, body } => {
                self.push(value);
                self.rest.extend(pattern.iter_mut().map(Item::Pattern));
                self.block(body);
            }
            StatementKind::Return(value) | StatementKind::Raise(value) => self.push_all(value),
            StatementKind::Break | StatementKind::Continue | StatementKind::Unknown(_) => {}
        }
    }

    fn catch(&mut self, catch: &'m mut Catch) {
        self.visitor.span(&mut catch.span);
        self.push_all(&mut catch.types);
        self.rest.extend(catch.pattern.iter_mut().map(Item::Pattern));
        self.block(&mut catch.body);
    }

    fn pattern(&mut self, pattern: &'m mut Pattern) {
        self.visitor.span(&mut pattern.span);
        match &mut pattern.kind {
            PatternKind::Name(_) => {}
            PatternKind::Place(place) => self.push(place),
            PatternKind::List { items, rest } => {
                self.rest.extend(items.iter_mut().flatten().map(Item::Pattern));
                self.rest.extend(rest.as_deref_mut().map(Item::Pattern));
            }
            PatternKind::Object { entries, rest } => {
                for (key, value) in entries {
                    self.push(key);
                    self.bind(value);
                }
                self.rest.extend(rest.as_deref_mut().map(Item::Pattern));
            }
            PatternKind::Default { pattern, default } => {
                self.bind(pattern);
                self.push(default);
            }
        }
    }

    fn expression(&mut self, expression: &'m mut Expression) {
        self.visitor.span(&mut expression.span);
        self.visitor.expression(expression);
        match &mut expression.kind {
            ExpressionKind::Null
            | ExpressionKind::Bool(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::String(_)
            | ExpressionKind::Name(_)
            | ExpressionKind::Import(_)
            | ExpressionKind::Exports
            | ExpressionKind::This
            | ExpressionKind::Super
            | ExpressionKind::Regex(_)
            | ExpressionKind::Unknown(_) => {}
            ExpressionKind::Template(parts) => self.push_all(parts),
            ExpressionKind::Member { object, name_span, .. } => {
                self.visitor.span(name_span);
                self.push(object);
            }
            ExpressionKind::Index { object, key, .. } => self.push_all([&mut **object, &mut **key]),
            ExpressionKind::Slice { object, bounds } => {
                self.push(object);
                self.push_all(bounds.iter_mut().flatten());
            }
            ExpressionKind::Call { callee, arguments, .. } => {
                self.push(callee);
                self.push_all(arguments.iter_mut().map(|Argument { value, .. }| value));
            }
            ExpressionKind::List(elements) => {
                self.push_all(
                    elements.iter_mut().map(|(Element::One(value) | Element::Spread(value))| value),
                );
            }
            ExpressionKind::Object(properties) => properties.iter_mut().for_each(|property| match property {
                Property::Pair(key, value) => self.push_all([key, value]),
                Property::Spread(value) => self.push(value),
            }),
            ExpressionKind::Function(function) => self.function(function),
            ExpressionKind::Class(class) => self.class(class),
            ExpressionKind::Unary { operand: value, .. } | ExpressionKind::Await(value) => self.push(value),
            ExpressionKind::Binary { left, right, .. } | ExpressionKind::Logical { left, right, .. } => {
                self.push_all([&mut **left, &mut **right]);
            }
            ExpressionKind::Conditional { test, then, otherwise } => {
                self.push_all([&mut **test, &mut **then, &mut **otherwise]);
            }
            ExpressionKind::Comprehension { element, clauses, .. } => {
                self.push(element);
                clauses.iter_mut().for_each(|clause| self.clause(clause));
            }
            ExpressionKind::Assign { target, value } => {
                self.bind(target);
                self.push(value);
            }
            ExpressionKind::Yield(value) => self.push_all(value.as_deref_mut()),
        }
    }

    fn clause(&mut self, clause: &'m mut Clause) {
        self.bind(&mut clause.pattern);
        self.push(&mut clause.iterable);
        self.push_all(&mut clause.conditions);
    }

    fn function(&mut self, function: &'m mut Function) {
        self.visitor.span(&mut function.span);
        if let Some((_, span)) = &mut function.name {
            self.visitor.span(span);
        }
        self.push_all(&mut function.decorators);
        for Parameter { pattern, default, annotation, .. } in &mut function.parameters {
            self.bind(pattern);
            self.push_all(default);
            self.push_all(annotation);
        }
        self.block(&mut function.body);
    }

    fn class(&mut self, class: &'m mut Class) {
        self.visitor.span(&mut class.span);
        if let Some((_, span)) = &mut class.name {
            self.visitor.span(span);
        }
        self.push_all(&mut class.bases);
        self.push_all(&mut class.decorators);
        for Member { span, value, annotation, .. } in &mut class.members {
            self.visitor.span(span);
            self.push_all(value);
            self.push_all(annotation);
        }
    }
}
