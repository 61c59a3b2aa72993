//! Functions that only know one answer.

use super::forwarding::{Known, advice, all, answered, constants};
use crate::evidence::enumerated;
use crate::graph::FunctionRef;
use crate::graph::forwarding::{Answer, Constant, Trigger, When};
use crate::refactor::unwritten_constant;
use crate::rule::prelude::*;
use crate::summary::Action;

rule! {
    /// ## What it does
    /// Finds handlers that have no effect and whose answer is known before the request: health checks,
    /// preflight answers, placeholders; also those that only add the time, a random id, or what the request
    /// says itself. And consumers that do nothing with their events but log them, whatever they return to
    /// somebody who does not wait for it.
    ///
    /// ## Why it matters
    /// A mock integration answers the same without a function, and a Pass state does in a state
    /// machine. A consumer that does nothing is paid for with each event.
    ///
    /// ## Example
    /// ```python
    /// def handler(event, context):
    ///     return {"statusCode": 200, "body": "ok"}
    /// ```
    ///
    /// ## Use instead
    /// A mock integration of a REST API, the CORS settings of the API, a Pass state; or nothing.
    ///
    /// ## When to keep it
    /// When the point of the route is to see that functions run, or the handler is yet to be written.
    ///
    /// ## Refactoring safety
    /// `slslint refactor <function>` writes a mock integration with the same status, headers and body, byte
    /// for byte. A method with a body takes `application/json` only after that (415).
    ///
    /// Refused: HTTP APIs, several answers, bodies with `$` or `#`, numbers that are not whole, headers with
    /// quotes, binary bodies. States and consumers of events are left to the reader.
    pub CONSTANT_RESPONSE_FUNCTION = {
        id: "constant-response-function",
        category: Structure,
        severity: Info,
        summary: "function has no effect and only one answer",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for Known { function, triggers, what } in constants(app) {
        let Some(first) = triggers.first() else { continue };
        let id = &function.id.text;
        let Constant { answers, integration } = what;
        let (message, help) = match first {
            Trigger::Event(_) => {
                let help = "take the event away, or the function; a log group can be a target where logging is its purpose";
                let but = if logs(function) { " but log" } else { "" };
                (format!("`{id}` does nothing with {}{but}", all(&triggers)), help.to_owned())
            }
            Trigger::Invocation(invocation) => {
                let what = match (invocation.awaited, logs(function)) {
                    (true, true) => " but log and answer with a constant",
                    (true, false) => " but answer with a constant",
                    (false, true) => " but log",
                    (false, false) => "",
                };
                let help = "take it away where it is invoked: nothing needs to run for this";
                (format!("`{id}` does nothing{what}"), help.to_owned())
            }
            _ => {
                let needs = integration.needs.map(|needs| format!(" ({needs})")).unwrap_or_default();
                let help = format!("use {}{needs}; nothing needs to run for this answer", integration.name);
                (format!("`{id}` does nothing but answer {} with {}", all(&triggers), known(&answers)), help)
            }
        };
        let mut finding =
            Finding::at(first.span(), message).function(&function.template().path, id).help(help);
        for trigger in triggers.iter().skip(1) {
            finding = finding.because(trigger.span(), format!("{} too", trigger.told()));
        }
        for answer in &answers {
            finding = finding.because(answer.span, answered(answer));
        }
        let why: Option<Vec<String>> = triggers.iter().map(unwritten_constant).collect();
        finding = advice(finding, why.and_then(|why| why.into_iter().next()));
        found.push(finding.one_of("", id));
    }
}

/// Whether it writes logs, metrics or traces: that may be what it is for.
fn logs(function: FunctionRef<'_>) -> bool {
    let effects = function.summary().map(|summary| summary.effects.as_slice()).unwrap_or_default();
    effects.iter().any(|effect| effect.action == Action::Telemetry)
}

/// What goes back where nothing fails.
fn known(answers: &[Answer]) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for answer in answers.iter().filter(|answer| answer.when == When::Done) {
        for part in answer.origin.split(", ") {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
    }
    enumerated(&parts)
}
