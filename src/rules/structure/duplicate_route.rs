//! Routes that are bound twice.

use std::collections::BTreeMap;

use crate::graph::{Reference, Route, TemplateId};
use crate::rule::prelude::*;
use crate::template::Name;

rule! {
    /// ## What it does
    /// Finds an API that binds the same method and path twice, or two paths that differ only in the
    /// name of a parameter.
    ///
    /// ## Why it matters
    /// The deployment fails, or one of the two never gets a request.
    ///
    /// ## Example
    /// ```yaml
    /// Path: /carts/{id}
    /// Method: get
    /// ```
    /// on one function, `/carts/{cartId}` with the same method on another.
    ///
    /// ## Use instead
    /// One binding for each method and path.
    ///
    /// ## When to keep it
    /// Never on one API. Routes of which only one is deployed, because of conditions, are not reported;
    /// two events of SAM functions are: the transform takes them for duplicates all the same.
    pub DUPLICATE_ROUTE = {
        id: "duplicate-route",
        category: Structure,
        severity: Error,
        summary: "method and path are bound twice on one API",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let mut bound: BTreeMap<(TemplateId, &Reference, &str, String), Vec<&Route>> = BTreeMap::new();
    for route in &app.graph.routes {
        let key = (route.template, &route.api, route.method.as_str(), without_names(&route.path));
        bound.entry(key).or_default().push(route);
    }
    for routes in bound.into_values() {
        let (first, rest) = routes.split_first().expect("an entry has a route");
        for second in rest.iter().filter(|second| second.span != first.span) {
            if together(app, first, second) {
                found.push(collision(app, first, second));
            }
        }
    }
}

fn collision(app: &App<'_>, first: &Route, second: &Route) -> Finding {
    let what = format!("{} {}", second.method, second.path);
    let message = if first.path == second.path {
        format!("{what} is bound twice")
    } else {
        format!("{what} is the same route as {}", first.path)
    };
    let mut finding = Finding::at(second.span, message)
        .because(first.span, "bound here first")
        .help("remove one of the two");
    let template = app.template(second.template);
    for route in [first, second] {
        if let crate::graph::Target::Function(Reference::Resource(id)) = &route.target
            && !finding.functions.contains(id)
        {
            finding = finding.function(&template.path, id);
        }
    }
    finding
}

/// The path with every parameter called alike: their names do not tell routes apart.
fn without_names(path: &str) -> String {
    let parts =
        path.split('/').map(|part| match part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => match name.strip_suffix('+') {
                Some(name) if name.ends_with('+') => part,
                Some(_) => "{+}",
                None => "{}",
            },
            None => part,
        });
    parts.collect::<Vec<_>>().join("/")
}

/// Whether some deployment has both.
fn together(app: &App<'_>, first: &Route, second: &Route) -> bool {
    match (&first.event, &second.event) {
        // The transform refuses the second event, whatever the conditions of the two.
        (Some(_), Some(_)) if first.path == second.path => return true,
        // A key of a definition is there once; its routes are the branches of a condition.
        (None, None) if first.path == second.path && in_one_definition(app, first, second) => return false,
        _ => {}
    }
    let template = app.template(first.template);
    let conditions: Vec<&Name> =
        [first, second].into_iter().filter_map(|route| app.condition_of(route)).collect();
    if conditions.is_empty() {
        return true;
    }
    let worlds = template.worlds([], conditions.iter().copied()).worlds;
    worlds.iter().any(|world| conditions.iter().all(|condition| world.allows(Some(condition))))
}

/// Whether both are operations of the definition of their API, and of one text.
fn in_one_definition(app: &App<'_>, first: &Route, second: &Route) -> bool {
    let Reference::Resource(api) = &first.api else { return false };
    let resource = app.template(first.template).resource(api);
    let inside = |route: &Route| {
        resource.is_some_and(|resource| resource.span.contains(route.span))
            || app.template(route.template).source != route.span.source
    };
    first.span.source == second.span.source && inside(first) && inside(second)
}
