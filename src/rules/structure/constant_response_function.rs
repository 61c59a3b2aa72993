//! Functions that only know one answer.

use super::forwarding::{answered, constants, told};
use crate::graph::forwarding::{Constant, Trigger};
use crate::rule::prelude::*;

rule! {
    /// ## What it does
    /// Finds handlers that have no effect and whose answer is known before the request: health checks,
    /// preflight answers, placeholders; and consumers of events that only log them.
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
    pub CONSTANT_RESPONSE_FUNCTION = {
        id: "constant-response-function",
        category: Structure,
        severity: Info,
        summary: "function has no effect and only one answer",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for (function, trigger, Constant { answers, integration }) in constants(app) {
        let id = &function.id.text;
        let (message, help) = match trigger {
            Trigger::Event(_) => (
                format!("`{id}` does nothing with {}", told(trigger)),
                "take the event away, or the function; what it logs can be had from a log group as a target"
                    .to_owned(),
            ),
            _ => {
                let needs = integration.needs.map(|needs| format!(" ({needs})")).unwrap_or_default();
                let message = format!("`{id}` always answers {} with a constant", told(trigger));
                (message, format!("use {}{needs}; nothing needs to run for this answer", integration.name))
            }
        };
        let mut finding =
            Finding::at(trigger.span(), message).function(&function.template().path, id).help(help);
        for answer in &answers {
            finding = finding.because(answer.span, answered(answer));
        }
        found.push(finding);
    }
}
