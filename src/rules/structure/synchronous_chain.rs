//! Functions that wait for other functions.

use std::collections::BTreeMap;

use crate::aws::triggers::is_invocation;
use crate::graph::waits::{self, Waits};
use crate::graph::{Api, FunctionRef, Reference, Target};
use crate::rule::prelude::*;
use crate::rules::code::{Judged, judged, list, name_functions, names_of};
use crate::source::Span;
use crate::summary::{Action, Effect};

rule! {
    /// ## What it does
    /// Finds handlers that invoke another function and wait for its answer, or call an API of their own
    /// template over HTTP. It stands at the call.
    ///
    /// ## Why it matters
    /// Two functions are billed while one works, both must fit into the shorter timeout, and a retry
    /// of the first repeats the second.
    ///
    /// ## Example
    /// ```python
    /// client.invoke(FunctionName=os.environ["PRICES"], Payload=payload)
    /// ```
    ///
    /// ## Use instead
    /// A state machine that calls one after the other, a queue or event between them
    /// (`InvocationType: Event`), or the code of the second as a module of the first.
    ///
    /// ## When to keep it
    /// When the second function belongs to another team and there is no other way to ask it.
    pub SYNCHRONOUS_CHAIN = {
        id: "synchronous-chain",
        category: Structure,
        severity: Warning,
        summary: "function waits for another function",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let mut places: BTreeMap<Span, (Vec<FunctionRef<'_>>, Wait<'_>)> = BTreeMap::new();
    for judged in judged(app) {
        for (index, effect) in judged.happening() {
            let on = judged.function.targets().get(index).and_then(Option::as_ref);
            if let Some(wait) = waits(&judged, effect, on, found) {
                places.entry(effect.span).or_insert_with(|| (Vec::new(), wait)).0.push(judged.function);
            }
        }
    }
    for (functions, wait) in places.values_mut() {
        functions.dedup_by_key(|function| function.span());
        found.push(finding(app, functions, wait));
    }
}

struct Wait<'a> {
    effect: &'a Effect,
    on: Option<&'a Reference>,
    what: &'static str,
}

fn waits<'a>(
    judged: &Judged<'a>,
    effect: &'a Effect,
    on: Option<&'a Reference>,
    found: &mut Found,
) -> Option<Wait<'a>> {
    match &effect.action {
        Action::Aws { service, operation } if is_invocation(service, operation) => {
            match waits::waits(&effect.input) {
                Waits::Yes => Some(Wait { effect, on, what: "function" }),
                Waits::No => None,
                Waits::Unknown => {
                    found.abstain(effect.span, "whether the invocation waits is not known");
                    None
                }
            }
        }
        Action::Http { .. } => is_own_api(judged, on?).then_some(Wait { effect, on, what: "API" }),
        _ => None,
    }
}

/// A URL made of an API of the same template that leads to functions.
fn is_own_api(judged: &Judged<'_>, on: &Reference) -> bool {
    let graph = &judged.app.graph;
    let leads_to_functions = |api: &Api| {
        let own = Reference::Resource(api.id.clone());
        let routes = graph.routes.iter().filter(|route| route.template == api.template && route.api == own);
        routes.into_iter().any(|route| matches!(route.target, Target::Function(_)))
    };
    let here = |api: &&Api| api.template == judged.function.template && leads_to_functions(api);
    match on {
        Reference::Resource(id) => graph.apis.iter().filter(here).any(|api| api.id == *id),
        Reference::Text(text) => graph
            .apis
            .iter()
            .filter(here)
            .any(|api| text.contains(&format!("://${{{}}}.execute-api.", api.id))),
    }
}

fn finding(app: &App<'_>, functions: &[FunctionRef<'_>], wait: &Wait<'_>) -> Finding {
    let names = names_of(functions);
    let verb = if names.len() == 1 { "waits" } else { "wait" };
    let whom = match wait.on {
        Some(Reference::Resource(id)) => format!("the {} `{id}`", wait.what),
        Some(Reference::Text(_)) if wait.what == "API" => "its own API".to_owned(),
        Some(Reference::Text(text)) if !text.contains('$') => format!("the function `{text}`"),
        _ => "another function".to_owned(),
    };
    let mut finding = Finding::at(wait.effect.span, format!("{} {verb} for {whom}", list(&names)))
        .because_it(wait.effect.certainty, wait.effect.span, "the call that waits");
    if let (Some(Reference::Resource(id)), Some(caller)) = (wait.on, functions.first())
        && let Some(called) = app.template(caller.template).resource(id)
    {
        finding = finding.because(called.id.span, "what it waits for");
    }
    name_functions(
        finding.help("let a state machine call both, or put a queue or an event between them"),
        functions,
    )
}
