//! Functions that may still run when their gateway has given up waiting.

use std::collections::BTreeMap;

use crate::aws::limits::limit;
use crate::graph::{ApiKind, FunctionRef, Held, Route};
use crate::rule::prelude::*;
use crate::source::Span;

rule! {
    /// ## What it does
    /// Finds functions behind an API whose timeout is longer than the API waits: 29 seconds for REST
    /// and WebSocket APIs, 30 seconds for HTTP APIs.
    ///
    /// ## Why it matters
    /// The caller gets a 504 while the function works on: it is billed, its effects happen, and a
    /// retry does them again.
    ///
    /// ## Example
    /// ```yaml
    /// Timeout: 60
    /// ```
    /// on a function with an `HttpApi` event.
    ///
    /// ## Use instead
    /// A timeout below the gateway's, or an asynchronous start (a queue, a state machine) where the
    /// work really takes that long.
    ///
    /// ## When to keep it
    /// When the quota of a Regional REST API was raised: say so with the timeout of the integration (or
    /// `TimeoutInMillis` on the event), which this rule reads. A single second over and streamed
    /// answers are not reported. Functions that are also reached in other ways may need the longer
    /// timeout for those; split them.
    pub GATEWAY_TIMEOUT = {
        id: "gateway-timeout",
        category: Structure,
        severity: Error,
        summary: "function may run longer than its gateway waits",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    // A timeout in Globals is one place to mend, however many functions have it.
    let mut places: BTreeMap<Span, Vec<Slow<'_>>> = BTreeMap::new();
    for function in app.functions() {
        let slow = function.routes().find_map(|route| outlives(function, route, found));
        if let Some(slow) = slow {
            places.entry(slow.span).or_default().push(slow);
        }
    }
    found.extend(places.values().filter_map(|slow| finding(slow)));
}

/// A function that outlives the patience of the gateway a route goes through.
struct Slow<'a> {
    function: FunctionRef<'a>,
    route: &'a Route,
    /// The timeout.
    span: Span,
    seconds: Held<u64>,
    gateway: &'static str,
    patience: u64,
}

fn outlives<'a>(function: FunctionRef<'a>, route: &'a Route, found: &mut Found) -> Option<Slow<'a>> {
    let timeout = function.timeout.as_ref()?.span;
    let (gateway, patience) = match route.api_kind {
        ApiKind::Rest => ("a REST API", limit("apigateway.rest.timeout")),
        ApiKind::Http => ("an HTTP API", limit("apigateway.http.timeout")),
        ApiKind::WebSocket => ("a WebSocket API", limit("apigateway.websocket.timeout")),
    };
    if route.patience.streams {
        return None;
    }
    let patience = match &route.patience.millis {
        // An integration may wait shorter than the rest, or longer where a quota was raised.
        Some(millis) => millis.as_i64()?.unsigned_abs() / 1000,
        None => patience,
    };
    let margin = limit("slslint.gateway_timeout_margin");
    let seconds = function.in_worlds(&function.timeout, |known| {
        let Some(seconds) = known[0].as_i64() else {
            found.abstain(timeout, format!("the timeout of `{function}` is not known"));
            return None;
        };
        Some(seconds.unsigned_abs()).filter(|seconds| *seconds > patience + margin)
    })?;
    Some(Slow { function, route, span: timeout, seconds, gateway, patience })
}

fn finding(slow: &[Slow<'_>]) -> Option<Finding> {
    let first = slow.first()?;
    let Slow { function, route, seconds, gateway, patience, .. } = first;
    let others = match slow.len() {
        1 => String::new(),
        2 => " (and one more function)".to_owned(),
        count => format!(" (and {} more functions)", count - 1),
    };
    let message =
        format!("`{function}`{others} may run {} s, but {gateway} waits {patience} s", seconds.value);
    let finding = Finding::at(first.span, message)
        .because(function.span(), "the function")
        .because(route.span, format!("{} {} reaches it", route.method, route.path))
        .help(format!("set `Timeout` below {patience}, or start the work asynchronously"))
        .world(seconds.world.clone());
    let name = |finding: Finding, slow: &Slow<'_>| {
        finding.function(slow.function.declared_in(), &slow.function.id.text)
    };
    Some(slow.iter().fold(finding, name).one_of(*gateway, &function.id.text))
}
