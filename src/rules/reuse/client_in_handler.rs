//! Clients that are built on each invocation although nothing of the request goes into them.

use std::collections::BTreeMap;

use crate::graph::FunctionRef;
use crate::rule::prelude::*;
use crate::rules::code::{judged, list, name_functions};
use crate::source::Span;
use crate::summary::Init;

rule! {
    /// ## What it does
    /// Finds SDK clients and connections that a handler builds on each invocation although nothing of
    /// the request goes into them. It stands where the client is built.
    ///
    /// ## Why it matters
    /// Building a client costs tens of milliseconds, and its connections are not used again: every
    /// invocation pays for another TLS handshake.
    ///
    /// ## Example
    /// ```python
    /// def handler(event, context):
    ///     table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    /// ```
    ///
    /// ## Use instead
    /// The same line above `def handler`.
    ///
    /// ## When to keep it
    /// When each tenant or request needs credentials of its own; such clients are not reported, nor are
    /// those of custom resources, which run once per deployment.
    pub CLIENT_IN_HANDLER = {
        id: "client-in-handler",
        category: Reuse,
        severity: Warning,
        summary: "client is built on each invocation",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let mut places: BTreeMap<Span, (Vec<FunctionRef<'_>>, &Init)> = BTreeMap::new();
    for judged in judged(app) {
        if judged.is_custom_resource() {
            continue;
        }
        for init in judged.summary.inits.iter().filter(|init| !init.at_init && init.invariant) {
            places.entry(init.span).or_insert_with(|| (Vec::new(), init)).0.push(judged.function);
        }
    }
    for (span, (functions, init)) in &places {
        let names: Vec<&str> = functions.iter().map(|function| function.id.text.as_str()).collect();
        let verb = if names.len() == 1 { "builds" } else { "build" };
        let message = format!("{} {verb} a client of `{}` on each invocation", list(&names), init.what);
        let mut finding = Finding::at(*span, message);
        if let Some(entry) = functions.first().and_then(FunctionRef::summary).map(|summary| summary.entry) {
            finding = finding.because(entry, "the handler");
        }
        finding = finding.help("build it once, when the module loads");
        found.push(name_functions(finding, functions));
    }
}
