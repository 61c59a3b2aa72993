//! All expressions, statements or conditions of some code, in the order of the text as far as the tree
//! keeps it.

use super::{
    Catch, Class, Clause, Element, Expression, ExpressionKind, Function, Pattern, PatternKind, Property,
    Statement, StatementKind,
};

/// Calls `enter` for each expression, outer ones first; what is below one is walked where it says yes.
pub fn statements<'p>(body: &'p [Statement], enter: &mut dyn FnMut(&'p Expression) -> bool) {
    for statement in body {
        self::statement(&statement.kind, enter);
    }
}

fn statement<'p>(kind: &'p StatementKind, enter: &mut dyn FnMut(&'p Expression) -> bool) {
    match kind {
        StatementKind::Expression(value) | StatementKind::Delete(value) => expression(value, enter),
        StatementKind::Assign { target, value } => {
            pattern(target, enter);
            expression(value, enter);
        }
        StatementKind::If { test, then, otherwise } => {
            expression(test, enter);
            statements(then, enter);
            statements(otherwise, enter);
        }
        StatementKind::ForEach { pattern: each, iterable, body, otherwise } => {
            pattern(each, enter);
            expression(iterable, enter);
            statements(body, enter);
            statements(otherwise, enter);
        }
        StatementKind::While { test, body, update, otherwise, .. } => {
            expression(test, enter);
            statements(body, enter);
            statements(update, enter);
            statements(otherwise, enter);
        }
        StatementKind::Try { body, catches, otherwise, finally } => {
            statements(body, enter);
            for catch in catches {
                catch.types.iter().for_each(|class| expression(class, enter));
                catch.pattern.iter().for_each(|bound| pattern(bound, enter));
                statements(&catch.body, enter);
            }
            statements(otherwise, enter);
            statements(finally, enter);
        }
        StatementKind::With { value, pattern: bound, body } => {
            expression(value, enter);
            bound.iter().for_each(|bound| pattern(bound, enter));
            statements(body, enter);
        }
        StatementKind::Return(value) | StatementKind::Raise(value) => {
            value.iter().for_each(|value| expression(value, enter));
        }
        StatementKind::Break | StatementKind::Continue | StatementKind::Unknown(_) => {}
    }
}

fn pattern<'p>(of: &'p Pattern, enter: &mut dyn FnMut(&'p Expression) -> bool) {
    match &of.kind {
        PatternKind::Name(_) => {}
        PatternKind::Place(place) => expression(place, enter),
        PatternKind::List { items, rest } => {
            items.iter().flatten().for_each(|item| pattern(item, enter));
            rest.iter().for_each(|rest| pattern(rest, enter));
        }
        PatternKind::Object { entries, rest } => {
            for (key, bound) in entries {
                expression(key, enter);
                pattern(bound, enter);
            }
            rest.iter().for_each(|rest| pattern(rest, enter));
        }
        PatternKind::Default { pattern: bound, default } => {
            pattern(bound, enter);
            expression(default, enter);
        }
    }
}

/// The same for an expression and what is below it.
pub fn expression<'p>(of: &'p Expression, enter: &mut dyn FnMut(&'p Expression) -> bool) {
    if !enter(of) {
        return;
    }
    match &of.kind {
        ExpressionKind::Template(parts) => parts.iter().for_each(|part| expression(part, enter)),
        ExpressionKind::Member { object, .. } => expression(object, enter),
        ExpressionKind::Index { object, key, .. } => {
            expression(object, enter);
            expression(key, enter);
        }
        ExpressionKind::Slice { object, bounds } => {
            expression(object, enter);
            bounds.iter().flatten().for_each(|bound| expression(bound, enter));
        }
        ExpressionKind::Call { callee, arguments, .. } => {
            expression(callee, enter);
            arguments.iter().for_each(|argument| expression(&argument.value, enter));
        }
        ExpressionKind::List(elements) => {
            for Element::One(value) | Element::Spread(value) in elements {
                expression(value, enter);
            }
        }
        ExpressionKind::Object(properties) => properties.iter().for_each(|property| match property {
            Property::Pair(key, value) => {
                expression(key, enter);
                expression(value, enter);
            }
            Property::Spread(value) => expression(value, enter),
        }),
        ExpressionKind::Function(of) => function(of, enter),
        ExpressionKind::Class(of) => class(of, enter),
        ExpressionKind::Unary { operand, .. } => expression(operand, enter),
        ExpressionKind::Binary { left, right, .. } | ExpressionKind::Logical { left, right, .. } => {
            expression(left, enter);
            expression(right, enter);
        }
        ExpressionKind::Conditional { test, then, otherwise } => {
            [test, then, otherwise].into_iter().for_each(|part| expression(part, enter));
        }
        ExpressionKind::Comprehension { element, clauses, .. } => {
            for Clause { pattern: each, iterable, conditions } in clauses {
                expression(iterable, enter);
                pattern(each, enter);
                conditions.iter().for_each(|condition| expression(condition, enter));
            }
            expression(element, enter);
        }
        ExpressionKind::Assign { target, value } => {
            pattern(target, enter);
            expression(value, enter);
        }
        ExpressionKind::Await(value) => expression(value, enter),
        ExpressionKind::Yield(value) => value.iter().for_each(|value| expression(value, enter)),
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
    }
}

fn function<'p>(of: &'p Function, enter: &mut dyn FnMut(&'p Expression) -> bool) {
    of.decorators.iter().for_each(|decorator| expression(decorator, enter));
    for parameter in &of.parameters {
        pattern(&parameter.pattern, enter);
        parameter.default.iter().for_each(|default| expression(default, enter));
    }
    statements(&of.body, enter);
}

fn class<'p>(of: &'p Class, enter: &mut dyn FnMut(&'p Expression) -> bool) {
    of.decorators.iter().chain(&of.bases).for_each(|value| expression(value, enter));
    of.members.iter().filter_map(|member| member.value.as_ref()).for_each(|value| expression(value, enter));
}

/// Calls `met` for each statement of a body, outer ones first; those of functions in it are not its own.
pub fn own_statements<'p>(body: &'p [Statement], met: &mut dyn FnMut(&'p Statement)) {
    for statement in body {
        met(statement);
        blocks(&statement.kind).for_each(|inner| own_statements(inner, met));
    }
}

/// The blocks inside a statement, the first that may run first; some may be empty.
pub fn blocks(kind: &StatementKind) -> impl Iterator<Item = &[Statement]> {
    type Block<'p> = &'p [Statement];
    let (first, catches, [then, last]): (Block<'_>, &[Catch], [Block<'_>; 2]) = match kind {
        StatementKind::If { then, otherwise, .. } => (then, &[], [otherwise, &[]]),
        StatementKind::ForEach { body, otherwise, .. } => (body, &[], [otherwise, &[]]),
        StatementKind::While { body, update, otherwise, .. } => (body, &[], [update, otherwise]),
        StatementKind::Try { body, catches, otherwise, finally } => (body, catches, [otherwise, finally]),
        StatementKind::With { body, .. } => (body, &[], [&[], &[]]),
        StatementKind::Expression(_)
        | StatementKind::Assign { .. }
        | StatementKind::Delete(_)
        | StatementKind::Return(_)
        | StatementKind::Raise(_)
        | StatementKind::Break
        | StatementKind::Continue
        | StatementKind::Unknown(_) => (&[], &[], [&[], &[]]),
    };
    std::iter::once(first).chain(catches.iter().map(|catch| catch.body.as_slice())).chain([then, last])
}

/// Calls `met` for each expression that decides what runs, in functions of the code as well: what branches
/// and loops ask, and the left side of an operator that may skip its right one.
pub fn conditions<'p>(body: &'p [Statement], met: &mut dyn FnMut(&'p Expression)) {
    own_conditions(body, met);
    statements(body, &mut |expression| {
        match &expression.kind {
            ExpressionKind::Function(function) => own_conditions(&function.body, met),
            ExpressionKind::Logical { left: test, .. } | ExpressionKind::Conditional { test, .. } => {
                met(test)
            }
            _ => {}
        }
        true
    });
}

/// The same for what branches and loops ask, without the functions in the code.
pub fn own_conditions<'p>(body: &'p [Statement], met: &mut dyn FnMut(&'p Expression)) {
    own_statements(body, &mut |statement| match &statement.kind {
        StatementKind::If { test, .. } | StatementKind::While { test, .. } => met(test),
        _ => {}
    });
}
