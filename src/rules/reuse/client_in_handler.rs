//! Clients that are built on each invocation although nothing of the request goes into them.

use std::collections::BTreeMap;

use crate::graph::{EventSource, FunctionRef, Reference};
use crate::rule::prelude::*;
use crate::rules::code::{Judged, judged, list, name_functions, names_of};
use crate::source::Span;
use crate::summary::Init;

rule! {
    /// ## What it does
    /// Finds SDK clients and connections that a handler builds on each invocation although nothing of
    /// the request goes into them. It stands where the client is built; those of one template are shown
    /// together. Functions that only run on a schedule, once an hour or less, start cold anyway and are not
    /// reported.
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
        if judged.is_custom_resource() || runs_rarely(&judged) {
            continue;
        }
        for init in judged.summary.inits.iter().filter(|init| is_built_each_time(&judged, init)) {
            places.entry(init.span).or_insert_with(|| (Vec::new(), init)).0.push(judged.function);
        }
    }
    for (span, (functions, init)) in &places {
        let names = names_of(functions);
        let verb = if names.len() == 1 { "builds" } else { "build" };
        let message = format!("{} {verb} a client of `{}` on each invocation", list(&names), init.what);
        let mut finding = Finding::at(*span, message);
        if let Some(entry) = functions.first().and_then(FunctionRef::summary).map(|summary| summary.entry) {
            finding = finding.because(entry, "the handler");
        }
        finding = finding.help("build it once, when the module loads");
        let first = names.first().copied().unwrap_or_default();
        found.push(name_functions(finding, functions).one_of_template("", first));
    }
}

/// Where one of the kind is kept in the same file, another stands for a special case, such as tests.
fn is_built_each_time(judged: &Judged<'_>, init: &Init) -> bool {
    let keeps = |other: &Init| {
        let same = other.what == init.what && other.span.source == init.span.source;
        same && !other.at_init && !other.invariant
    };
    !init.at_init && init.invariant && !judged.summary.inits.iter().any(keeps)
}

/// Only schedules invoke it, each so rarely that Lambda has let go of what the last run built.
fn runs_rarely(judged: &Judged<'_>) -> bool {
    let mut events = judged.function.event_sources().peekable();
    let scheduled = events.peek().is_some() && events.all(is_rare);
    scheduled && judged.function.routes().next().is_none() && !judged.is_called_otherwise()
}

/// `rate(1 day)`, `cron(0 2 * * ? *)`, `at(...)`: at most once an hour.
fn is_rare(event: &EventSource) -> bool {
    let Some(Reference::Text(expression)) = event.source.as_ref().filter(|_| event.kind == "schedule") else {
        return false;
    };
    let at_one_minute = |fields: &str| {
        let minute = fields.split_whitespace().next();
        minute.is_some_and(|minute| minute.bytes().all(|byte| byte.is_ascii_digit()))
    };
    expression.starts_with("at(")
        || expression.starts_with("rate(") && ["hour", "day"].iter().any(|unit| expression.contains(unit))
        || expression.strip_prefix("cron(").is_some_and(at_one_minute)
}
