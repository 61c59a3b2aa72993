//! Functions that are billed for waiting.

use std::collections::BTreeMap;

use crate::aws::limits::limit;
use crate::graph::FunctionRef;
use crate::rule::prelude::*;
use crate::rules::code::{judged, list, name_functions, names_of};
use crate::source::Span;
use crate::summary::{Action, Effect};

rule! {
    /// ## What it does
    /// Finds handlers that sleep for a second or longer. It stands at the call.
    ///
    /// ## Why it matters
    /// Waiting is billed like work, holds up one unit of concurrency, and ends with the function's
    /// timeout.
    ///
    /// ## Example
    /// ```python
    /// while not done(job):
    ///     time.sleep(10)
    /// ```
    ///
    /// ## Use instead
    /// A `Wait` state of a state machine, the delay of a queue, a schedule, or the event that says
    /// that the work is done.
    ///
    /// ## When to keep it
    /// When the wait is short and rare, as between retries of a call that is throttled. Custom resources
    /// are not reported: they run once per deployment, and CloudFormation waits for them.
    pub SLEEPING_FUNCTION = {
        id: "sleeping-function",
        category: Structure,
        severity: Warning,
        summary: "function is billed for waiting",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let least = limit("slslint.sleep_from");
    let mut places: BTreeMap<Span, (Vec<FunctionRef<'_>>, u32, &Effect)> = BTreeMap::new();
    for judged in judged(app) {
        if judged.is_custom_resource() {
            continue;
        }
        for (_, effect) in judged.happening() {
            match effect.action {
                Action::Sleep(Some(seconds)) if u64::from(seconds) >= least => {
                    places
                        .entry(effect.span)
                        .or_insert_with(|| (Vec::new(), seconds, effect))
                        .0
                        .push(judged.function);
                }
                Action::Sleep(None) => found.abstain(effect.span, "how long it waits is not known"),
                _ => {}
            }
        }
    }
    for (span, (functions, seconds, effect)) in &mut places {
        functions.dedup_by_key(|function| function.span());
        let names = names_of(functions);
        let verb = if names.len() == 1 { "waits" } else { "wait" };
        let mut finding = Finding::at(
            *span,
            format!(
                "{} {verb} {seconds} s here and {} billed for it",
                list(&names),
                if names.len() == 1 { "is" } else { "are" }
            ),
        )
        .because_it(effect.certainty, *span, "the wait");
        if let Some(call) = effect.stack.first() {
            finding = finding.because_it(effect.certainty, *call, "the handler gets there by this call");
        }
        finding = finding.help("wait in a state machine, with the delay of a queue, or for an event");
        let first = names.first().copied().unwrap_or_default();
        found.push(name_functions(finding, functions).one_of_template(names.join(" "), first));
    }
}
