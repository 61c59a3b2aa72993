//! What the branches of a handler ask, and who else could ask it.

use super::parts::is_constant;
use super::values::{Surroundings, is_records, read, told};
use crate::summary::{Condition, Shape, Symbol, Test};

/// What a question is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// Whether a part of the request is there.
    Request,
    /// Whether the template sets a variable: settled before the request.
    Deployed,
    /// Whether the call went well, or anything else.
    Failure,
    /// Whether a part of the answer is there.
    Answer,
    /// Whether there is another record.
    Loop,
    /// What a JSON schema can ask of the request.
    Check(String),
    /// Something inside the function, not of the request.
    Inside,
    /// What only code can ask.
    Logic(String),
}

pub(super) fn question(condition: &Condition, around: &Surroundings<'_>) -> Question {
    match &condition.test {
        Test::Failed(id, _) if around.call == Some(*id) => Question::Failure,
        Test::Failed(..) => Question::Logic("handles the failure of another call".to_owned()),
        Test::Raised => Question::Failure,
        test if (around.tells)(test) => Question::Failure,
        Test::Iterates(list) if is_records(list) => Question::Loop,
        Test::Truthy(value) | Test::Present(value) | Test::Has(value, _) | Test::Iterates(value) => {
            presence(value, matches!(condition.test, Test::Iterates(_)), around)
        }
        Test::Equal(value, constant) => equality(value, constant, around),
        Test::OneOf(value, ones) if ones.iter().all(is_constant) => asked(value, "is one of a list", around),
        Test::OneOf(value, _) => logic(value),
        Test::StartsWith(value, prefix) => asked(value, &format!("starts with `{prefix}`"), around),
        Test::Other(values) => comparison(values, around),
    }
}

/// The variable of which a condition asks whether it is there.
pub fn deployed(condition: &Condition) -> Option<&str> {
    match &condition.test {
        Test::Truthy(value) | Test::Present(value) => variable(value),
        _ => None,
    }
}

fn presence(value: &Shape, loops: bool, around: &Surroundings<'_>) -> Question {
    if variable(value).is_some() {
        return Question::Deployed;
    }
    if is_records(value) {
        return Question::Loop;
    }
    if is_answer(value, around) {
        return if of_error(value) {
            Question::Logic("tells errors apart".to_owned())
        } else {
            Question::Answer
        };
    }
    if let Some(asked) = gathered(value) {
        let parts: Option<Vec<String>> = asked.iter().map(checked).collect();
        return match parts.as_deref() {
            Some([first, ..]) => Question::Check(format!("{first} is as it should be")),
            _ => logic(value),
        };
    }
    match request_part(value) {
        Some(part) if loops => Question::Logic(format!("loops over {part}")),
        Some(_) => Question::Request,
        None if is_inside(value) => Question::Inside,
        None => logic(value),
    }
}

fn equality(value: &Shape, constant: &Shape, around: &Surroundings<'_>) -> Question {
    if !is_constant(constant) {
        return Question::Logic("compares values with each other".to_owned());
    }
    if let Shape::Computed { operation, from, .. } = value
        && let ("typeof" | "length", [of]) = (operation.as_str(), &**from)
    {
        return asked(of, if operation == "typeof" { "has a type" } else { "has a length" }, around);
    }
    if is_answer(value, around) {
        let status = matches!(value, Shape::Symbol(Symbol::Result(_, path)) if path.last().is_some_and(|last| last == "HTTPStatusCode"));
        return match status {
            true => Question::Failure,
            false if of_error(value) => Question::Logic("tells errors apart".to_owned()),
            false => Question::Logic("branches on the answer".to_owned()),
        };
    }
    asked(value, "has a value", around)
}

/// Comparisons with constants: of a number, a length, a type.
fn comparison(values: &[Shape], around: &Surroundings<'_>) -> Question {
    let [Shape::Computed { operation, from, .. }] = values else {
        return Question::Logic("compares values".to_owned());
    };
    if let Some((_, value, _)) = bounded(values) {
        return match value {
            Shape::Computed { operation: inner, from, .. } if inner == "length" && from.len() == 1 => {
                asked(&from[0], "has a length", around)
            }
            value => asked(value, "is in a range", around),
        };
    }
    match &**from {
        [value, rest @ ..] if operation == "instance of" && rest.iter().all(is_constant) => {
            asked(value, "has a type", around)
        }
        _ => Question::Logic(format!("branches on `{operation}`")),
    }
}

/// A comparison of a value with a constant, as if the value stood first: how, the value, and the constant.
pub fn bounded(values: &[Shape]) -> Option<(&str, &Shape, &Shape)> {
    let [Shape::Computed { operation, from, .. }] = values else { return None };
    let [first, second] = &**from else { return None };
    let turned = match operation.as_str() {
        "less" => "greater",
        "less or equal" => "greater or equal",
        "greater" => "less",
        "greater or equal" => "less or equal",
        _ => return None,
    };
    match (is_constant(first), is_constant(second)) {
        (_, true) => Some((operation.as_str(), first, second)),
        (true, false) => Some((turned, second, first)),
        (false, false) => None,
    }
}

/// A question about a value itself, not only whether it is there.
fn asked(value: &Shape, what: &str, around: &Surroundings<'_>) -> Question {
    if let Some(variable) = variable(value) {
        return Question::Logic(format!("branches on the variable `{variable}`"));
    }
    if is_answer(value, around) {
        return Question::Logic("branches on the answer".to_owned());
    }
    match request_part(value) {
        Some(part) if is_routing(value) => Question::Logic(format!("chooses what to do by {part}")),
        Some(part) => Question::Check(format!("{part} {what}")),
        None => logic(value),
    }
}

fn logic(value: &Shape) -> Question {
    Question::Logic(match value {
        Shape::Computed { operation, .. } => format!("branches on a computed value (`{operation}`)"),
        _ => "branches on a value that could not be followed".to_owned(),
    })
}

/// The variable of the environment that a value is; whatever stands in for it is as good as none.
fn variable(value: &Shape) -> Option<&str> {
    match value {
        Shape::Symbol(Symbol::Env(name)) => Some(name),
        Shape::Default { value, default } if is_constant(default) => variable(value),
        Shape::Coded { value, .. } => variable(value),
        _ => None,
    }
}

/// A part of the request, in the reader's words.
fn request_part(value: &Shape) -> Option<String> {
    match value {
        Shape::Symbol(Symbol::Event(path)) => Some(told(path)),
        Shape::Part { of, path } => match &**of {
            Shape::Parsed(inner) if is_body(read(inner)) => Some(format!("`{}` of the body", path.join("."))),
            of => request_part(of),
        },
        Shape::Parsed(inner) | Shape::Json(inner) => request_part(inner),
        Shape::Coded { coding, value }
            if matches!(coding.as_str(), "string" | "number" | "trim" | "lower" | "upper" | "decimals") =>
        {
            request_part(value)
        }
        Shape::Item { of, .. } => request_part(of),
        Shape::Default { value, default } if is_constant(default) => request_part(value),
        _ => None,
    }
}

/// What conditions ask under which the items of a list were gathered.
fn gathered(value: &Shape) -> Option<&[Shape]> {
    let Shape::Each { of, .. } = value else { return None };
    match &**of {
        Shape::Computed { operation, from, .. } if operation == "if" => Some(from),
        _ => None,
    }
}

/// The part of the request that a check is about.
fn checked(asked: &Shape) -> Option<String> {
    match asked {
        Shape::Computed { operation, from, .. } if operation != "error" => {
            let parts: Vec<&Shape> = from.iter().filter(|part| !is_constant(part)).collect();
            let all: Option<Vec<String>> = parts.into_iter().map(checked).collect();
            all?.into_iter().next()
        }
        value if is_routing(value) => None,
        value => request_part(value),
    }
}

fn is_body(shape: &Shape) -> bool {
    matches!(shape, Shape::Symbol(Symbol::Event(path)) if **path == ["body"])
}

/// What tells routes apart.
fn is_routing(value: &Shape) -> bool {
    let Shape::Symbol(Symbol::Event(path)) = value else { return false };
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    matches!(
        path.as_slice(),
        ["httpMethod" | "path" | "resource" | "routeKey" | "rawPath"]
            | ["requestContext", "http", "method" | "path"]
            | ["requestContext", "httpMethod" | "resourcePath" | "routeKey" | "path" | "eventType"]
    )
}

fn is_answer(value: &Shape, around: &Surroundings<'_>) -> bool {
    match value {
        Shape::Symbol(Symbol::Result(id, _)) => around.call == Some(*id),
        Shape::Part { of, .. } | Shape::Item { of, .. } => is_answer(of, around),
        Shape::Coded { value, .. } | Shape::Parsed(value) => is_answer(value, around),
        Shape::Default { value, default } => is_constant(default) && is_answer(value, around),
        _ => false,
    }
}

fn of_error(value: &Shape) -> bool {
    match value {
        Shape::Symbol(Symbol::Result(_, path)) => path.first().is_some_and(|first| first == "error"),
        Shape::Part { of, .. } | Shape::Item { of, .. } => of_error(of),
        Shape::Coded { value, .. } | Shape::Parsed(value) | Shape::Default { value, .. } => of_error(value),
        _ => false,
    }
}

/// Made of nothing that reaches the function: the segment of a trace, a lazy client.
fn is_inside(value: &Shape) -> bool {
    match value {
        Shape::Computed { operation, from, .. } => operation != "error" && from.is_empty(),
        _ => false,
    }
}
