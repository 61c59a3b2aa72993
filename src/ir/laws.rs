//! What holds for every module a front end writes, for tests.
//!
//! - A span lies in the file, on character boundaries, without white space around it.
//! - A part lies in its whole.
//! - A name is written where its span says, unless a front end made it up: then it has the span of
//!   the whole that it is a part of, or a name that no code has (`x#1`).
//! - Nothing is nested deeper than a reader of the tree can go.

use super::{
    Class, Element, Expression, ExpressionKind, Function, Module, Pattern, PatternKind, Property, Statement,
    StatementKind,
};
use crate::source::Span;

/// Gives the first law that the module breaks, and where.
pub fn broken(module: &Module, text: &str) -> Option<String> {
    let whole = Span::new(module.source, 0, text.len());
    let mut check = Check { text, depth: 0, found: None };
    check.block(whole, &module.body);
    for span in &module.broken {
        if !whole.contains(*span) || text.get(span.range()).is_none() {
            check.report(*span, "broken part outside the file");
        }
    }
    check.found
}

/// Deeper than any front end goes.
const DEEPEST: u32 = 1_000;

struct Check<'a> {
    text: &'a str,
    depth: u32,
    found: Option<String>,
}

impl Check<'_> {
    fn report(&mut self, span: Span, law: &str) {
        if self.found.is_none() {
            self.found = Some(format!("{law}: {:?} {:?}", span.range(), self.text.get(span.range())));
        }
    }

    /// Checks a span; false where it is not worth going on.
    fn span(&mut self, parent: Span, span: Span) -> bool {
        match self.text.get(span.range()) {
            None => self.report(span, "span outside the file"),
            Some(text) if text.trim() != text => self.report(span, "white space around"),
            Some(_) if !parent.contains(span) => self.report(span, "part outside its whole"),
            Some(_) if self.depth > DEEPEST => self.report(span, "too deep"),
            Some(_) => {}
        }
        self.found.is_none()
    }

    fn named(&mut self, parent: Span, span: Span, name: &str) {
        if parent == span {
            return;
        }
        let text = self.text.get(span.range()).unwrap_or_default();
        let is_identifier = !text.is_empty()
            && text.chars().all(|letter| letter == '_' || letter == '$' || letter.is_alphanumeric());
        if is_identifier && !name.contains('#') && text != name {
            self.report(span, "another name");
        }
    }

    fn block(&mut self, parent: Span, body: &[Statement]) {
        self.depth += 1;
        for statement in body {
            if self.span(parent, statement.span) {
                self.statement(statement);
            }
        }
        self.depth -= 1;
    }

    fn statement(&mut self, statement: &Statement) {
        let span = statement.span;
        match &statement.kind {
            StatementKind::Expression(value) | StatementKind::Delete(value) => self.value(span, value),
            StatementKind::Assign { target, value } => {
                self.pattern(span, target);
                self.value(span, value);
            }
            StatementKind::If { test, then, otherwise } => {
                self.value(span, test);
                self.block(span, then);
                self.block(span, otherwise);
            }
            StatementKind::ForEach { pattern, iterable, body, otherwise } => {
                self.pattern(span, pattern);
                self.value(span, iterable);
                self.block(span, body);
                self.block(span, otherwise);
            }
            StatementKind::While { test, body, update, otherwise, .. } => {
                self.value(span, test);
                self.block(span, body);
                self.block(span, update);
                self.block(span, otherwise);
            }
            StatementKind::Try { body, catches, otherwise, finally } => {
                self.block(span, body);
                for catch in catches {
                    self.span(span, catch.span);
                    catch.types.iter().for_each(|one| self.value(catch.span, one));
                    catch.pattern.iter().for_each(|pattern| self.pattern(catch.span, pattern));
                    self.block(catch.span, &catch.body);
                }
                self.block(span, otherwise);
                self.block(span, finally);
            }
            StatementKind::With { value, pattern, body } => {
                self.value(span, value);
                pattern.iter().for_each(|pattern| self.pattern(span, pattern));
                self.block(span, body);
            }
            StatementKind::Return(value) | StatementKind::Raise(value) => {
                value.iter().for_each(|value| self.value(span, value));
            }
            StatementKind::Break | StatementKind::Continue | StatementKind::Unknown(_) => {}
        }
    }

    fn pattern(&mut self, parent: Span, pattern: &Pattern) {
        let span = pattern.span;
        if !self.span(parent, span) {
            return;
        }
        self.depth += 1;
        match &pattern.kind {
            PatternKind::Name(name) => self.named(parent, span, name),
            PatternKind::Place(place) => self.value(span, place),
            PatternKind::List { items, rest } => {
                items.iter().flatten().for_each(|item| self.pattern(span, item));
                rest.iter().for_each(|rest| self.pattern(span, rest));
            }
            PatternKind::Object { entries, rest } => {
                for (key, item) in entries {
                    self.value(span, key);
                    self.pattern(span, item);
                }
                rest.iter().for_each(|rest| self.pattern(span, rest));
            }
            PatternKind::Default { pattern, default } => {
                self.pattern(span, pattern);
                self.value(span, default);
            }
        }
        self.depth -= 1;
    }

    fn values<'v>(&mut self, span: Span, values: impl IntoIterator<Item = &'v Expression>) {
        values.into_iter().for_each(|value| self.value(span, value));
    }

    fn value(&mut self, parent: Span, value: &Expression) {
        let span = value.span;
        // Text in a template may be a space; its whole is checked.
        let is_text = matches!(value.kind, ExpressionKind::String(_) | ExpressionKind::Template(_))
            && parent.contains(span);
        if !is_text && !self.span(parent, span) {
            return;
        }
        self.depth += 1;
        match &value.kind {
            ExpressionKind::Name(name) => self.named(parent, span, name),
            ExpressionKind::Member { object, name, name_span, .. } => {
                self.value(span, object);
                if self.span(span, *name_span) && !name.starts_with("__") {
                    self.named(span, *name_span, name);
                }
            }
            ExpressionKind::Template(parts) => self.values(span, parts),
            ExpressionKind::Index { object, key, .. } => self.values(span, [&**object, key]),
            ExpressionKind::Slice { object, bounds } => {
                self.value(span, object);
                self.values(span, bounds.iter().flatten());
            }
            ExpressionKind::Call { callee, arguments, .. } => {
                self.value(span, callee);
                self.values(span, arguments.iter().map(|argument| &argument.value));
            }
            ExpressionKind::List(items) => self.values(
                span,
                items.iter().map(|item| match item {
                    Element::One(item) | Element::Spread(item) => item,
                }),
            ),
            ExpressionKind::Object(properties) => {
                for property in properties {
                    match property {
                        Property::Pair(key, value) => self.values(span, [key, value]),
                        Property::Spread(value) => self.value(span, value),
                    }
                }
            }
            ExpressionKind::Function(function) => self.function(span, function),
            ExpressionKind::Class(class) => self.class(span, class),
            ExpressionKind::Unary { operand, .. } => self.value(span, operand),
            ExpressionKind::Binary { left, right, .. } | ExpressionKind::Logical { left, right, .. } => {
                self.values(span, [&**left, right]);
            }
            ExpressionKind::Conditional { test, then, otherwise } => {
                self.values(span, [&**test, then, otherwise]);
            }
            ExpressionKind::Comprehension { element, clauses, .. } => {
                self.value(span, element);
                for clause in clauses {
                    self.pattern(span, &clause.pattern);
                    self.value(span, &clause.iterable);
                    self.values(span, &clause.conditions);
                }
            }
            ExpressionKind::Assign { target, value } => {
                self.pattern(span, target);
                self.value(span, value);
            }
            ExpressionKind::Await(value) => self.value(span, value),
            ExpressionKind::Yield(value) => self.values(span, value.iter().map(|value| &**value)),
            ExpressionKind::Null
            | ExpressionKind::Bool(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::String(_)
            | ExpressionKind::Import(_)
            | ExpressionKind::Exports
            | ExpressionKind::This
            | ExpressionKind::Super
            | ExpressionKind::Regex(_)
            | ExpressionKind::Unknown(_) => {}
        }
        self.depth -= 1;
    }

    fn function(&mut self, parent: Span, function: &Function) {
        let span = function.span;
        if !self.span(parent, span) {
            return;
        }
        if let Some((name, name_span)) = &function.name {
            self.span(span, *name_span);
            self.named(span, *name_span, name);
        }
        for parameter in &function.parameters {
            self.pattern(span, &parameter.pattern);
            self.values(span, &parameter.default);
            self.values(span, &parameter.annotation);
        }
        self.values(span, &function.decorators);
        self.block(span, &function.body);
    }

    fn class(&mut self, parent: Span, class: &Class) {
        let span = class.span;
        if !self.span(parent, span) {
            return;
        }
        if let Some((name, name_span)) = &class.name {
            self.span(span, *name_span);
            self.named(span, *name_span, name);
        }
        self.values(span, &class.bases);
        self.values(span, &class.decorators);
        for member in &class.members {
            self.span(span, member.span);
            self.values(member.span, &member.value);
            self.values(member.span, &member.annotation);
        }
    }
}
