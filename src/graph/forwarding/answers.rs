//! What goes back to the trigger, and whether the mapping of an answer can say it.

use super::idle;
use super::parts::is_constant;
use super::values::{Origins, Role, Surroundings};
use super::{Answer, Reason, Trigger, When};
use crate::graph::{ApiKind, FunctionRef};
use crate::summary::{Outcome, Path, Shape, Symbol};

/// The end of one path.
pub(super) struct End {
    pub answer: Option<Answer>,
    pub reasons: Vec<Reason>,
    /// The request was turned down: an error, or a status from 400.
    pub refuses: bool,
}

pub(super) fn end(
    path: &Path,
    when: When,
    function: FunctionRef<'_>,
    trigger: Trigger<'_>,
    around: Surroundings<'_>,
) -> End {
    let (shape, span) = match &path.outcome {
        Outcome::Returns(shape, span) => (shape, *span),
        Outcome::Raises { span, .. } => {
            let answer = Answer {
                when: if when == When::Done { When::Failed } else { when },
                origin: "an error".to_owned(),
                span: *span,
            };
            return End { answer: Some(answer), reasons: Vec::new(), refuses: true };
        }
        Outcome::Unknown => {
            let place = path.when.last().map_or(trigger.span(), |condition| condition.span);
            let reasons = vec![Reason::new(place, "ends in a place that was not followed")];
            return End { answer: None, reasons, refuses: false };
        }
    };
    let role = if when == When::Done { Role::Answer } else { Role::Refusal };
    let mut origins = Origins::new(around, role, span);
    let mut refuses = false;
    match trigger {
        // Nobody waits for what a consumer of events returns, unless that is all it does.
        Trigger::Event(_) if around.call.is_some() => {}
        Trigger::Event(_) | Trigger::Invocation(_) => {
            if let Some(text) = idle::seen(function, trigger, shape) {
                origins.reasons.push(Reason::new(span, text));
            } else if idle::is_awaited(trigger) {
                origins.value(shape);
            }
        }
        Trigger::Task(_) => origins.value(shape),
        Trigger::Route(route) => {
            for response in choices(shape) {
                match response_of(response, route.api_kind) {
                    Some(parts) => {
                        parts.iter().for_each(|part| origins.value(part));
                        refuses |= status(response).is_some_and(|status| status >= 400);
                    }
                    None => origins
                        .reasons
                        .push(Reason::new(span, "answers in a form that could not be followed")),
                }
            }
        }
    }
    let origin = if origins.origins.is_empty() { "nothing".to_owned() } else { origins.origins.join(", ") };
    End { answer: Some(Answer { when, origin, span }), reasons: origins.reasons, refuses }
}

fn choices(shape: &Shape) -> Vec<&Shape> {
    match shape {
        Shape::Choice(parts) => parts.iter().collect(),
        one => vec![one],
    }
}

/// The parts of a response that come from somewhere: body, headers, a status that is not constant.
fn response_of(shape: &Shape, api: ApiKind) -> Option<Vec<&Shape>> {
    match shape {
        Shape::Object { entries, .. } if entries.iter().any(|(name, _)| name == "statusCode") => {
            let known = |name: &str| {
                matches!(
                    name,
                    "statusCode" | "body" | "headers" | "multiValueHeaders" | "isBase64Encoded" | "cookies"
                )
            };
            // What else there is, no gateway looks at.
            let parts = entries.iter().filter(|(name, _)| known(name)).map(|(_, value)| value);
            let spread = entries.iter().any(|(name, _)| name == "...");
            (!spread).then(|| parts.filter(|part| !is_constant(part)).chain(body(entries)).collect())
        }
        // An HTTP API takes any value for a body; a route of a WebSocket API need not answer.
        _ if api != ApiKind::Rest => Some(vec![shape]),
        _ => None,
    }
}

/// The body once more where it is constant, so that the answer has an origin.
fn body(entries: &[(String, Shape)]) -> Option<&Shape> {
    entries.iter().find(|(name, value)| name == "body" && is_constant(value)).map(|(_, value)| value)
}

fn status(response: &Shape) -> Option<u32> {
    let Shape::Object { entries, .. } = response else { return None };
    let (_, status) = entries.iter().find(|(name, _)| name == "statusCode")?;
    number(status)
}

fn number(shape: &Shape) -> Option<u32> {
    match shape {
        Shape::Number(text) | Shape::Symbol(Symbol::Name(text)) => text.parse().ok(),
        Shape::Part { of, .. } => number(of),
        Shape::Coded { value, .. } => number(value),
        _ => None,
    }
}
