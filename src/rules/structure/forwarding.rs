//! What the rules on forwarding functions have in common: whom they ask, and how they say it.

use crate::graph::forwarding::{Answer, Constant, Forwarding, Trigger, Verdict, When, forwarding};
use crate::graph::{App, FunctionRef, Reference};
use crate::rule::prelude::*;

/// A function that only forwards, and what reaches it.
pub(super) struct Forward<'a> {
    pub function: FunctionRef<'a>,
    pub trigger: Trigger<'a>,
    pub what: Forwarding,
}

/// All functions that only forward, with or without simple checks.
pub(super) fn forwards<'a>(app: &'a App<'a>) -> impl Iterator<Item = Forward<'a>> {
    verdicts(app).filter_map(|(function, trigger, verdict)| match verdict {
        Verdict::Forwards(what) => Some(Forward { function, trigger, what }),
        _ => None,
    })
}

/// All functions that only know one answer.
pub(super) fn constants<'a>(
    app: &'a App<'a>,
) -> impl Iterator<Item = (FunctionRef<'a>, Trigger<'a>, Constant)> {
    verdicts(app).filter_map(|(function, trigger, verdict)| match verdict {
        Verdict::Constant(constant) => Some((function, trigger, constant)),
        _ => None,
    })
}

fn verdicts<'a>(app: &'a App<'a>) -> impl Iterator<Item = (FunctionRef<'a>, Trigger<'a>, Verdict)> {
    app.functions().flat_map(|function| {
        let judged = move |trigger| Some((function, trigger, forwarding(function, trigger)?));
        function.triggers().filter_map(judged)
    })
}

/// What reaches the function, in the reader's words: "`GET /cart/{cartId}`".
pub(super) fn told(trigger: Trigger<'_>) -> String {
    match trigger {
        Trigger::Route(route) if route.path.starts_with('$') => format!("`{}`", route.path),
        Trigger::Route(route) => format!("`{} {}`", route.method, route.path),
        Trigger::Task(task) => format!("`{}`", task.state.text),
        Trigger::Event(event) => event
            .event
            .as_ref()
            .map_or_else(|| format!("the events of {}", event.kind), |name| format!("`{}`", name.text)),
    }
}

/// A finding with the call, where its input comes from, and where the answer does.
pub(super) fn finding(forward: &Forward<'_>, message: String) -> Finding {
    let Forward { function, trigger, what } = forward;
    let mut finding =
        Finding::at(trigger.span(), message).function(&function.template().path, &function.id.text);
    let on = match &what.target {
        Some(Reference::Resource(id) | Reference::Text(id)) => format!(" on `{id}`"),
        None => String::new(),
    };
    let inputs: Vec<String> = what
        .inputs
        .iter()
        .filter(|input| !input.origin.is_empty() && input.origin != "a constant")
        .map(|input| format!("`{}` is {}", input.member, input.origin))
        .collect();
    let inputs =
        if inputs.is_empty() { "all of its input is constant".to_owned() } else { inputs.join(", ") };
    finding = finding
        .because(what.call, format!("its only call, {}:{}{on}: {inputs}", what.service, what.operation));
    for answer in &what.answers {
        finding = finding.because(answer.span, answered(answer));
    }
    for check in &what.checks {
        finding = finding.because(check.span, format!("checks whether {}", check.text));
    }
    finding
}

pub(super) fn answered(answer: &Answer) -> String {
    let origin = &answer.origin;
    match answer.when {
        When::Done => format!("answers with {origin}"),
        When::Failed => format!("where that fails: {origin}"),
        When::Rejected => format!("where the request is not let through: {origin}"),
    }
}

/// What to use, and what that gains and loses.
pub(super) fn receipt(forward: &Forward<'_>) -> String {
    let integration = &forward.what.integration;
    let needs = integration.needs.as_ref().map(|needs| format!(" ({needs})")).unwrap_or_default();
    format!(
        "use {}{needs}; cold starts and the price of each invocation go, and so do the logs and metrics that the code writes",
        integration.name
    )
}
