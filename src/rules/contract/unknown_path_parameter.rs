//! Path parameters that code reads and no route declares.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{ApiKind, FunctionRef};
use crate::rule::prelude::*;
use crate::rules::code::{Judged, judged, list, name_functions, names_of};
use crate::source::Span;
use crate::summary::EventRead;

rule! {
    /// ## What it does
    /// Finds reads of `pathParameters.x` on every path of a handler where no route of the function has
    /// `{x}` in its path. It stands where the parameter is read.
    ///
    /// ## Why it matters
    /// The value is missing on every request.
    ///
    /// ## Example
    /// ```yaml
    /// Path: /orders/{id}
    /// ```
    /// on a function that reads `event["pathParameters"]["orderId"]`.
    ///
    /// ## Use instead
    /// One name on both sides.
    ///
    /// ## When to keep it
    /// When a route that is not in the project leads to the function.
    pub UNKNOWN_PATH_PARAMETER = {
        id: "unknown-path-parameter",
        category: Contract,
        severity: Error,
        summary: "code reads a path parameter that no route declares",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let mut places: BTreeMap<(Span, &str), (Vec<FunctionRef<'_>>, &EventRead)> = BTreeMap::new();
    for judged in judged(app) {
        for (name, read) in undeclared(&judged) {
            places.entry((read.span, name)).or_insert_with(|| (Vec::new(), read)).0.push(judged.function);
        }
    }
    found.extend(places.iter().filter_map(|((_, name), (functions, read))| finding(functions, name, read)));
}

fn undeclared<'a>(judged: &Judged<'a>) -> Vec<(&'a str, &'a EventRead)> {
    let mut declared: BTreeSet<&str> = BTreeSet::new();
    let mut routes = judged.function.routes().peekable();
    if routes.peek().is_none()
        || judged.is_called_otherwise()
        || judged.function.event_sources().next().is_some()
    {
        return Vec::new();
    }
    for route in routes {
        if route.api_kind == ApiKind::WebSocket || route.path == "$default" {
            return Vec::new();
        }
        declared.extend(parameters(&route.path));
    }
    let reads = judged.summary.event_reads.iter().filter(|read| read.certainty == Certainty::Must);
    reads
        .filter_map(|read| match read.path.as_slice() {
            [root, name, ..] if root == "pathParameters" && name != "*" => Some((name.as_str(), read)),
            _ => None,
        })
        .filter(|(name, read)| !declared.contains(name) && !read.has_default)
        .collect()
}

/// The names in braces; `{proxy+}` declares `proxy`.
fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(|name| name.trim_end_matches('+'))
}

fn finding(functions: &[FunctionRef<'_>], name: &str, read: &EventRead) -> Option<Finding> {
    const SHOWN: usize = 3;
    let names = names_of(functions);
    let routes: Vec<_> = functions.first()?.routes().collect();
    let message = format!("no route of {} has a path parameter `{name}`", list(&names));
    let mut finding =
        Finding::at(read.span, message).because_it(read.certainty, read.span, "every path reads it");
    for route in routes.iter().take(SHOWN) {
        finding = finding.because(route.span, format!("{} {}", route.method, route.path));
    }
    let has: BTreeSet<&str> = routes.iter().flat_map(|route| parameters(&route.path)).collect();
    let has: Vec<&str> = has.into_iter().collect();
    let help = match has.as_slice() {
        [] => format!("declare `{{{name}}}` in the path of the route"),
        names => format!("declare `{{{name}}}` in the path of the route, or read {}", list(names)),
    };
    Some(name_functions(finding.help(help), functions))
}
