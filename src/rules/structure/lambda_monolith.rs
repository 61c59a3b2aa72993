//! Functions that serve too much.

use std::collections::{BTreeMap, BTreeSet};

use crate::aws::limits::limit;
use crate::evidence::Evidence;
use crate::graph::services::nouns;
use crate::graph::{App, FunctionRef, Reference, effects_on};
use crate::rule::prelude::*;
use crate::rules::code::list;
use crate::source::Span;
use crate::summary::{Action, EffectId, Summary};

rule! {
    /// ## What it does
    /// Finds functions that serve many routes (of the template, or of a router inside: FastAPI, Flask, Express,
    /// Fastify, Hono, Powertools) about several things, each with resources of its own. It says how much
    /// of the code is the function's own.
    ///
    /// ## Why it matters
    /// Every request loads the code of all of them, has the permissions of all of them, and goes down with
    /// any of them.
    ///
    /// ## Example
    /// ```yaml
    /// Events:
    ///   Everything:
    ///     Type: HttpApi
    /// ```
    /// for an application with the routes of carts, orders and products.
    ///
    /// ## Use instead
    /// One function for each of the things the routes are about, with the routes and permissions it needs.
    ///
    /// ## When to keep it
    /// When it is small, changes as one and starts fast: many routes over few resources are not reported.
    pub LAMBDA_MONOLITH = {
        id: "lambda-monolith",
        category: Structure,
        severity: Warning,
        summary: "function serves many routes about unrelated things",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for function in app.functions() {
        match function.summary() {
            Some(summary) => found.extend(finding(app, function, summary)),
            None if function.routes().count() as u64 >= limit("slslint.monolith_routes") => {
                found.abstain(
                    function.span(),
                    "its code was not read, so what its many routes use is not known",
                );
            }
            None => {}
        }
    }
}

/// A route with what a request on it can reach.
struct Served {
    route: String,
    path: String,
    span: Span,
    effects: Vec<EffectId>,
}

/// What the routes about one thing use.
#[derive(Default)]
struct Subject {
    routes: Vec<(String, Span)>,
    resources: BTreeMap<String, Evidence>,
}

fn finding(app: &App<'_>, function: FunctionRef<'_>, summary: &Summary) -> Option<Finding> {
    let served = served(function, summary);
    if (served.len() as u64) < limit("slslint.monolith_routes") {
        return None;
    }
    let subjects = subjects(function, summary, &served);
    let resources: BTreeSet<&String> =
        subjects.values().flat_map(|subject| subject.resources.keys()).collect();
    let own = own(&subjects);
    if (own.len() as u64) < limit("slslint.monolith_subjects")
        || (resources.len() as u64) < limit("slslint.monolith_resources")
    {
        return None;
    }
    let names: Vec<&str> = own.keys().map(|name| name.as_str()).collect();
    let message = format!(
        "`{function}` serves {} routes about {} things with resources of their own: {}",
        served.len(),
        own.len(),
        list(&names)
    );
    let code: usize =
        function.get().behaviour.modules.iter().map(|module| app.sources.text(*module).len()).sum();
    let mut finding = Finding::at(function.span(), message)
        .function(&function.template().path, &function.id.text)
        .help(format!(
            "split it by what the routes are about; it is {} kB of own code in {} files today",
            code / 1000,
            function.get().behaviour.modules.len()
        ));
    for (name, evidence) in own {
        let subject = &subjects[name];
        if let Some((route, span)) = subject.routes.first() {
            let more = subject.routes.len() - 1;
            let others = if more == 0 { String::new() } else { format!(" and {more} more routes") };
            finding = finding.because(*span, format!("`{name}`: {route}{others}"));
        }
        finding = finding.because_it(evidence.certainty, evidence.span, evidence.text.clone());
    }
    Some(finding)
}

/// The routes of its own router; where it has none, those of the template.
fn served(function: FunctionRef<'_>, summary: &Summary) -> Vec<Served> {
    if !summary.inner_routes.is_empty() {
        let inner = summary.inner_routes.iter().map(|inner| Served {
            route: format!("{} {}", inner.method, inner.path),
            path: inner.path.clone(),
            span: inner.span,
            effects: inner.effects.clone(),
        });
        return inner.collect();
    }
    let outer = function.routes().map(|route| Served {
        route: format!("{} {}", route.method, route.path),
        path: route.path.clone(),
        span: route.span,
        effects: effects_on(summary, route),
    });
    outer.collect()
}

/// By the first word of the paths that not all of them have.
fn subjects(function: FunctionRef<'_>, summary: &Summary, served: &[Served]) -> BTreeMap<String, Subject> {
    let words = |path: &str| -> Vec<String> {
        path.split('/').filter(|part| !part.contains(['{', '$', '*', ':'])).flat_map(nouns).collect()
    };
    let mut common: BTreeMap<String, usize> = BTreeMap::new();
    for word in served.iter().flat_map(|served| words(&served.path).into_iter().collect::<BTreeSet<_>>()) {
        *common.entry(word).or_default() += 1;
    }
    let mut subjects: BTreeMap<String, Subject> = BTreeMap::new();
    for route in served {
        let Some(word) = words(&route.path).into_iter().find(|word| common[word] < served.len()) else {
            continue;
        };
        let subject = subjects.entry(word).or_default();
        subject.routes.push((route.route.clone(), route.span));
        for id in &route.effects {
            let at = id.index();
            let (Some(effect), Some(Some(Reference::Resource(name) | Reference::Text(name)))) =
                (summary.effects.get(at), function.targets().get(at))
            else {
                continue;
            };
            if matches!(effect.action, Action::Aws { .. }) {
                let text = format!("it uses `{name}`");
                let evidence = Evidence { span: effect.span, certainty: effect.certainty, text };
                subject.resources.entry(name.clone()).or_insert(evidence);
            }
        }
    }
    subjects
}

/// The things that have a resource which no other has, with that resource.
fn own(subjects: &BTreeMap<String, Subject>) -> BTreeMap<&String, &Evidence> {
    let users =
        |name: &String| subjects.values().filter(|subject| subject.resources.contains_key(name)).count();
    let of = |subject: &'_ Subject| {
        subject.resources.iter().find(|(name, _)| users(name) == 1).map(|(name, _)| name.clone())
    };
    subjects
        .iter()
        .filter_map(|(word, subject)| Some((word, subject.resources.get(&of(subject)?)?)))
        .collect()
}
