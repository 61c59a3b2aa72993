//! Functions that drive other functions one after the other.

use std::collections::BTreeSet;

use crate::aws::triggers::is_invocation;
use crate::graph::Reference;
use crate::graph::waits::{Waits, waits};
use crate::rule::prelude::*;
use crate::rules::code::{Judged, judged};
use crate::summary::{Action, Effect, EffectId, Path, Shape, Times};

rule! {
    /// ## What it does
    /// Finds handlers that on one path invoke several functions, or one several times, and wait for each: the
    /// steps of a workflow. Or that do so for each item of a list, which names the function.
    ///
    /// ## Why it matters
    /// The function is billed while it waits, its timeout holds for all steps together, and where it stops in
    /// the middle nobody knows which steps were taken: a retry takes them again.
    ///
    /// ## Example
    /// ```python
    /// client.invoke(FunctionName=os.environ["RESERVE"], Payload=payload)
    /// client.invoke(FunctionName=os.environ["CHARGE"], Payload=payload)
    /// ```
    ///
    /// ## Use instead
    /// A state machine with a state for each step, which waits without cost, retries each step on its own and
    /// undoes the earlier ones where a later one fails.
    ///
    /// ## When to keep it
    /// When the answer is needed at once and no step changes anything; then the functions may rather be
    /// modules of one.
    pub FUNCTION_ORCHESTRATOR = {
        id: "function-orchestrator",
        category: Structure,
        severity: Warning,
        summary: "function drives other functions one after the other",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for judged in judged(app) {
        found.extend(finding(&judged));
    }
}

fn finding(judged: &Judged<'_>) -> Option<Finding> {
    let longest = judged.feasible().map(|path| steps(judged, path)).max_by_key(Vec::len)?;
    let (first, _) = longest.first()?;
    if longest.len() == 1 {
        return named_by_items(first).then(|| series(judged, first));
    }
    let function = judged.function;
    let names: BTreeSet<&str> = longest.iter().filter_map(|(_, on)| on.and_then(named)).collect();
    let whom = match names.len() {
        0 | 1 => "other functions".to_owned(),
        count => format!("{count} functions"),
    };
    let message = format!("`{function}` invokes {whom} one after the other and waits for each");
    let mut finding =
        Finding::at(first.span, message).help(HELP).function(&function.template().path, &function.id.text);
    for (number, (effect, on)) in longest.iter().enumerate() {
        let whom = on.and_then(named).map_or_else(String::new, |name| format!(": `{name}`"));
        finding = finding.because_it(effect.certainty, effect.span, format!("step {}{whom}", number + 1));
    }
    Some(finding)
}

const HELP: &str =
    "let a state machine call them: it waits without cost, and retries or undoes each step on its own";

fn series(judged: &Judged<'_>, step: &Effect) -> Finding {
    let function = judged.function;
    Finding::at(step.span, format!("`{function}` invokes a list of functions and waits for each"))
        .because_it(step.certainty, step.span, "for each item, the function that it names")
        .help(HELP)
        .function(&function.template().path, &function.id.text)
}

/// In a loop whose items name the functions.
fn named_by_items(step: &Effect) -> bool {
    let (Times::PerItemOf(_), Shape::Object { entries, .. }) = (&step.times, &step.input) else {
        return false;
    };
    entries.iter().any(|(key, value)| key == "FunctionName" && of_item(value))
}

fn of_item(name: &Shape) -> bool {
    match name {
        Shape::Item { .. } => true,
        Shape::Part { of, .. } | Shape::Default { value: of, .. } => of_item(of),
        Shape::Text(parts) => parts.iter().any(of_item),
        _ => false,
    }
}

type Step<'a> = (&'a Effect, Option<&'a Reference>);

/// The invocations of a path that wait, each place once.
fn steps<'a>(judged: &Judged<'a>, path: &Path) -> Vec<Step<'a>> {
    let mut seen = BTreeSet::new();
    let step = |id: &EffectId| -> Option<Step<'a>> {
        let at = id.index();
        let effect = judged.summary.effects.get(at)?;
        let Action::Aws { service, operation } = &effect.action else { return None };
        let on = judged.function.targets().get(at).and_then(Option::as_ref);
        (is_invocation(service, operation) && waits(&effect.input) == Waits::Yes).then_some((effect, on))
    };
    path.effects.iter().filter_map(step).filter(|(effect, _)| seen.insert(effect.span)).collect()
}

fn named(on: &Reference) -> Option<&str> {
    match on {
        Reference::Resource(id) => Some(id),
        Reference::Text(text) if !text.contains("${") => Some(text),
        Reference::Text(_) => None,
    }
}
