//! Functions that may still run when their gateway has given up waiting.

use crate::aws::limits::limit;
use crate::graph::{ApiKind, FunctionRef, Route};
use crate::rule::prelude::*;

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
    /// When the quota of a Regional REST API was raised: say so with `TimeoutInMillis` on the event,
    /// which this rule reads. Functions that are also reached in other ways may need the longer
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
    for function in app.functions() {
        let slow = function.routes().filter_map(|route| outlives(function, route, found)).next();
        found.extend(slow);
    }
}

fn outlives(function: FunctionRef<'_>, route: &Route, found: &mut Found) -> Option<Finding> {
    let timeout = function.timeout.as_ref()?;
    let (gateway, patience) = match route.api_kind {
        ApiKind::Rest => ("a REST API", limit("apigateway.rest.timeout")),
        ApiKind::Http => ("an HTTP API", limit("apigateway.http.timeout")),
        ApiKind::WebSocket => ("a WebSocket API", limit("apigateway.websocket.timeout")),
    };
    let patience = raised(function, route).unwrap_or(patience);
    let slow = function.in_worlds([timeout], |known| {
        let seconds = known[0].as_i64().or_else(|| {
            found.abstain(timeout.span, format!("the timeout of `{function}` is not known"));
            None
        })?;
        (seconds.unsigned_abs() > patience).then_some(seconds)
    })?;
    let finding = Finding::at(
        timeout.span,
        format!("`{function}` may run {} s, but {gateway} waits {patience} s", slow.value),
    );
    Some(
        finding
            .because(route.span, format!("{} {} reaches it", route.method, route.path))
            .because(function.span(), "the function")
            .help(format!("set `Timeout` to less than {patience}, or start the work asynchronously"))
            .function(&function.template().path, &function.id.text)
            .world(slow.world),
    )
}

/// The integration timeout that the event itself asks for, in seconds.
fn raised(function: FunctionRef<'_>, route: &Route) -> Option<u64> {
    let event = route.event.as_ref()?;
    let millis = function.property("Events")?.at(&[&event.text, "Properties", "TimeoutInMillis"])?.as_i64()?;
    Some(millis.unsigned_abs() / 1000)
}
