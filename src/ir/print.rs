//! The common form as text, for tests: one line per statement, expressions as S-expressions.
//!
//! | text | meaning |
//! |---|---|
//! | `a.b`, `a?.b`, `(index a k)`, `(slice a 1 _)` | members, items, slices |
//! | `(call f x k=y *l **d)`, `(new C x)` | calls |
//! | `[a *b]`, `{"k": v **d}` | lists and objects |
//! | `(+ a b)`, `(and a b)`, `(not a)`, `(if test a b)` | operators |
//! | `(template "a" b)`, `(import .x)`, `(unknown why)` | the rest by name |
//! | `a = v`, `[a b *c] = v`, `{k: a *rest} = v` | assignments |
//! | `function f(a, b=1, *c, **d) [locals] async` | functions, their body indented |

use std::fmt::Write as _;

use super::{
    ArgumentKind, BinaryOperator, Class, Clause, Element, Expression, ExpressionKind, Function,
    LogicalOperator, MemberKind, Module, Parameter, ParameterKind, Pattern, PatternKind, Property, Statement,
    StatementKind, UnaryOperator,
};

/// The whole module; its names come first.
pub fn module(module: &Module) -> String {
    let mut out = format!("module [{}]\n", module.locals.join(" "));
    block(&mut out, 0, &module.body);
    out
}

/// Statements alone.
pub fn statements(body: &[Statement]) -> String {
    let mut out = String::new();
    block(&mut out, 0, body);
    out
}

/// One expression; functions and classes in it span several lines.
pub fn expression(value: &Expression) -> String {
    let mut out = String::new();
    value_into(&mut out, 0, value);
    out
}

fn block(out: &mut String, depth: usize, body: &[Statement]) {
    for statement in body {
        indent(out, depth);
        statement_into(out, depth, statement);
        if !out.ends_with('\n') {
            out.push('\n');
        }
    }
}

fn indent(out: &mut String, depth: usize) {
    out.push_str(&"  ".repeat(depth));
}

fn clause(out: &mut String, depth: usize, head: &str, body: &[Statement]) {
    if !body.is_empty() {
        indent(out, depth);
        out.push_str(head);
        out.push('\n');
        block(out, depth + 1, body);
    }
}

fn statement_into(out: &mut String, depth: usize, statement: &Statement) {
    match &statement.kind {
        StatementKind::Expression(value) => value_into(out, depth, value),
        StatementKind::Assign { target, value } => {
            pattern_into(out, depth, target);
            out.push_str(" = ");
            value_into(out, depth, value);
        }
        StatementKind::Delete(value) => word(out, depth, "delete", Some(value)),
        StatementKind::If { test, then, otherwise } => {
            word(out, depth, "if", Some(test));
            out.push('\n');
            block(out, depth + 1, then);
            clause(out, depth, "else", otherwise);
        }
        StatementKind::ForEach { pattern, iterable, body, otherwise } => {
            out.push_str("for ");
            pattern_into(out, depth, pattern);
            word(out, depth, " in", Some(iterable));
            out.push('\n');
            block(out, depth + 1, body);
            clause(out, depth, "else", otherwise);
        }
        StatementKind::While { test, body, update, otherwise, at_least_once } => {
            word(out, depth, if *at_least_once { "do while" } else { "while" }, Some(test));
            out.push('\n');
            block(out, depth + 1, body);
            clause(out, depth, "update", update);
            clause(out, depth, "else", otherwise);
        }
        StatementKind::Try { body, catches, otherwise, finally } => {
            out.push_str("try\n");
            block(out, depth + 1, body);
            for catch in catches {
                indent(out, depth);
                out.push_str("catch");
                catch.types.iter().for_each(|one| word(out, depth, "", Some(one)));
                if let Some(pattern) = &catch.pattern {
                    out.push_str(" as ");
                    pattern_into(out, depth, pattern);
                }
                out.push('\n');
                block(out, depth + 1, &catch.body);
            }
            clause(out, depth, "else", otherwise);
            clause(out, depth, "finally", finally);
        }
        StatementKind::With { value, pattern, body } => {
            word(out, depth, "with", Some(value));
            if let Some(pattern) = pattern {
                out.push_str(" as ");
                pattern_into(out, depth, pattern);
            }
            out.push('\n');
            block(out, depth + 1, body);
        }
        StatementKind::Return(value) => word(out, depth, "return", value.as_ref()),
        StatementKind::Raise(value) => word(out, depth, "raise", value.as_ref()),
        StatementKind::Break => out.push_str("break"),
        StatementKind::Continue => out.push_str("continue"),
        StatementKind::Unknown(why) => {
            let _ = write!(out, "unknown {why}");
        }
    }
}

fn word(out: &mut String, depth: usize, word: &str, value: Option<&Expression>) {
    out.push_str(word);
    if let Some(value) = value {
        out.push(' ');
        value_into(out, depth, value);
    }
}

fn pattern_into(out: &mut String, depth: usize, pattern: &Pattern) {
    match &pattern.kind {
        PatternKind::Name(name) => out.push_str(name),
        PatternKind::Place(place) => value_into(out, depth, place),
        PatternKind::List { items, rest } => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(out, index, " ");
                match item {
                    Some(item) => pattern_into(out, depth, item),
                    None => out.push('_'),
                }
            }
            rest_into(out, depth, items.len(), rest.as_deref());
            out.push(']');
        }
        PatternKind::Object { entries, rest } => {
            out.push('{');
            for (index, (key, item)) in entries.iter().enumerate() {
                separate(out, index, " ");
                value_into(out, depth, key);
                out.push_str(": ");
                pattern_into(out, depth, item);
            }
            rest_into(out, depth, entries.len(), rest.as_deref());
            out.push('}');
        }
        PatternKind::Default { pattern, default } => {
            out.push_str("(default ");
            pattern_into(out, depth, pattern);
            word(out, depth, "", Some(default));
            out.push(')');
        }
    }
}

fn rest_into(out: &mut String, depth: usize, before: usize, rest: Option<&Pattern>) {
    if let Some(rest) = rest {
        separate(out, before, " ");
        out.push('*');
        pattern_into(out, depth, rest);
    }
}

fn separate(out: &mut String, index: usize, separator: &str) {
    if index > 0 {
        out.push_str(separator);
    }
}

fn value_into(out: &mut String, depth: usize, value: &Expression) {
    let form = |out: &mut String, head: &str, parts: &[&Expression]| {
        out.push('(');
        out.push_str(head);
        parts.iter().for_each(|part| word(out, depth, "", Some(part)));
        out.push(')');
    };
    match &value.kind {
        ExpressionKind::Null => out.push_str("null"),
        ExpressionKind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        ExpressionKind::Number(number) => out.push_str(number),
        ExpressionKind::String(text) => {
            let _ = write!(out, "{text:?}");
        }
        ExpressionKind::Template(parts) => form(out, "template", &parts.iter().collect::<Vec<_>>()),
        ExpressionKind::Name(name) => out.push_str(name),
        ExpressionKind::Member { object, name, optional, .. } => {
            value_into(out, depth, object);
            let _ = write!(out, "{}.{name}", if *optional { "?" } else { "" });
        }
        ExpressionKind::Index { object, key, optional } => {
            form(out, if *optional { "index?" } else { "index" }, &[object, key]);
        }
        ExpressionKind::Slice { object, bounds } => {
            word(out, depth, "(slice", Some(object));
            for bound in bounds {
                out.push(' ');
                match bound {
                    Some(bound) => value_into(out, depth, bound),
                    None => out.push('_'),
                }
            }
            out.push(')');
        }
        ExpressionKind::Call { callee, arguments, new, optional } => {
            out.push_str(if *new { "(new" } else { "(call" });
            word(out, depth, if *optional { "?" } else { "" }, Some(callee));
            for argument in arguments {
                out.push(' ');
                match &argument.kind {
                    ArgumentKind::Positional => {}
                    ArgumentKind::Named(name) => {
                        let _ = write!(out, "{name}=");
                    }
                    ArgumentKind::Spread => out.push('*'),
                    ArgumentKind::SpreadNamed => out.push_str("**"),
                }
                value_into(out, depth, &argument.value);
            }
            out.push(')');
        }
        ExpressionKind::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(out, index, " ");
                match item {
                    Element::One(item) => value_into(out, depth, item),
                    Element::Spread(item) => {
                        out.push('*');
                        value_into(out, depth, item);
                    }
                }
            }
            out.push(']');
        }
        ExpressionKind::Object(properties) => {
            out.push('{');
            for (index, property) in properties.iter().enumerate() {
                separate(out, index, " ");
                match property {
                    Property::Pair(key, value) => {
                        value_into(out, depth, key);
                        word(out, depth, ":", Some(value));
                    }
                    Property::Spread(value) => {
                        out.push_str("**");
                        value_into(out, depth, value);
                    }
                }
            }
            out.push('}');
        }
        ExpressionKind::Function(function) => function_into(out, depth, function),
        ExpressionKind::Class(class) => class_into(out, depth, class),
        ExpressionKind::Unary { operator, operand } => form(out, unary(*operator), &[operand]),
        ExpressionKind::Binary { operator, left, right } => form(out, binary(*operator), &[left, right]),
        ExpressionKind::Logical { operator, left, right } => form(out, logical(*operator), &[left, right]),
        ExpressionKind::Conditional { test, then, otherwise } => form(out, "if", &[test, then, otherwise]),
        ExpressionKind::Comprehension { element, clauses, dictionary } => {
            word(out, depth, if *dictionary { "(dictionary" } else { "(each" }, Some(element));
            clauses.iter().for_each(|clause| comprehension_clause(out, depth, clause));
            out.push(')');
        }
        ExpressionKind::Assign { target, value } => {
            out.push('(');
            pattern_into(out, depth, target);
            word(out, depth, " :=", Some(value));
            out.push(')');
        }
        ExpressionKind::Await(value) => form(out, "await", &[value]),
        ExpressionKind::Yield(value) => {
            form(out, "yield", &value.iter().map(|value| &**value).collect::<Vec<_>>());
        }
        ExpressionKind::Import(import) => {
            let _ = write!(out, "(import{} {})", if import.interop { "?" } else { "" }, import.module);
        }
        ExpressionKind::Exports => out.push_str("exports"),
        ExpressionKind::This => out.push_str("this"),
        ExpressionKind::Super => out.push_str("super"),
        ExpressionKind::Regex(text) => {
            let _ = write!(out, "(regex {text:?})");
        }
        ExpressionKind::Unknown(why) => {
            let _ = write!(out, "(unknown {why})");
        }
    }
}

fn comprehension_clause(out: &mut String, depth: usize, clause: &Clause) {
    out.push_str(" for ");
    pattern_into(out, depth, &clause.pattern);
    word(out, depth, " in", Some(&clause.iterable));
    clause.conditions.iter().for_each(|condition| word(out, depth, " if", Some(condition)));
}

fn function_into(out: &mut String, depth: usize, function: &Function) {
    function.decorators.iter().for_each(|decorator| {
        out.push('@');
        value_into(out, depth, decorator);
        out.push(' ');
    });
    out.push_str("function");
    if let Some((name, _)) = &function.name {
        let _ = write!(out, " {name}");
    }
    out.push('(');
    for (index, parameter) in function.parameters.iter().enumerate() {
        separate(out, index, ", ");
        parameter_into(out, depth, parameter);
    }
    let _ = write!(out, ") [{}]", function.locals.join(" "));
    for (told, word) in
        [(function.is_async, " async"), (function.is_generator, " generator"), (function.own_this, " this")]
    {
        out.push_str(if told { word } else { "" });
    }
    out.push('\n');
    block(out, depth + 1, &function.body);
}

fn parameter_into(out: &mut String, depth: usize, parameter: &Parameter) {
    out.push_str(match parameter.kind {
        ParameterKind::Plain => "",
        ParameterKind::NamedOnly => "only ",
        ParameterKind::Rest => "*",
        ParameterKind::RestNamed => "**",
    });
    pattern_into(out, depth, &parameter.pattern);
    if let Some(annotation) = &parameter.annotation {
        word(out, depth, ":", Some(annotation));
    }
    if let Some(default) = &parameter.default {
        out.push('=');
        value_into(out, depth, default);
    }
}

fn class_into(out: &mut String, depth: usize, class: &Class) {
    class.decorators.iter().for_each(|decorator| {
        out.push('@');
        value_into(out, depth, decorator);
        out.push(' ');
    });
    out.push_str("class");
    if let Some((name, _)) = &class.name {
        let _ = write!(out, " {name}");
    }
    class.bases.iter().for_each(|base| word(out, depth, "", Some(base)));
    out.push('\n');
    for member in &class.members {
        indent(out, depth + 1);
        let kind = match member.kind {
            MemberKind::Method => "method",
            MemberKind::StaticMethod => "static method",
            MemberKind::ClassMethod => "class method",
            MemberKind::Constructor => "constructor",
            MemberKind::Getter => "get",
            MemberKind::Setter => "set",
            MemberKind::Field => "field",
            MemberKind::StaticField => "static field",
        };
        let _ = write!(out, "{kind} {}", member.name);
        if let Some(annotation) = &member.annotation {
            word(out, depth + 1, ":", Some(annotation));
        }
        if let Some(value) = &member.value {
            word(out, depth + 1, " =", Some(value));
        }
        if !out.ends_with('\n') {
            out.push('\n');
        }
    }
}

fn unary(operator: UnaryOperator) -> &'static str {
    match operator {
        UnaryOperator::Not => "not",
        UnaryOperator::Minus => "-",
        UnaryOperator::Plus => "+",
        UnaryOperator::BitNot => "~",
        UnaryOperator::TypeOf => "typeof",
        UnaryOperator::Void => "void",
    }
}

fn binary(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Add => "+",
        BinaryOperator::Subtract => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::FloorDivide => "//",
        BinaryOperator::Modulo => "%",
        BinaryOperator::Power => "**",
        BinaryOperator::BitAnd => "&",
        BinaryOperator::BitOr => "|",
        BinaryOperator::BitXor => "^",
        BinaryOperator::ShiftLeft => "<<",
        BinaryOperator::ShiftRight => ">>",
        BinaryOperator::Equal => "==",
        BinaryOperator::NotEqual => "!=",
        BinaryOperator::Less => "<",
        BinaryOperator::LessEqual => "<=",
        BinaryOperator::Greater => ">",
        BinaryOperator::GreaterEqual => ">=",
        BinaryOperator::In => "in",
        BinaryOperator::NotIn => "not-in",
        BinaryOperator::InstanceOf => "instanceof",
    }
}

fn logical(operator: LogicalOperator) -> &'static str {
    match operator {
        LogicalOperator::And => "and",
        LogicalOperator::Or => "or",
        LogicalOperator::NullOr => "??",
    }
}
