//! Functions behind a route that only hand a request on to one AWS call.

use super::forwarding::{all, finding, forwards, receipt};
use crate::graph::forwarding::Trigger;
use crate::rule::prelude::*;

rule! {
    /// ## What it does
    /// Finds routes whose way through the handler makes exactly one AWS call, with parts of the request
    /// only projected into it and its answer only projected out. A function is judged for each of its
    /// routes, so one case of a switch on the route can be found.
    ///
    /// Branches may only ask whether a part of the request is there, whether the answer is empty, or
    /// whether the call failed. Logs, metrics and traces do not count.
    ///
    /// ## Why it matters
    /// API Gateway can make the call itself. The function adds its cold start and its price to each
    /// request, and is code to keep.
    ///
    /// ## Example
    /// ```python
    /// def handler(event, context):
    ///     cart_id = event["pathParameters"]["cartId"]
    ///     response = table.get_item(Key={"cartId": cart_id})
    ///     if "Item" not in response:
    ///         return {"statusCode": 404, "body": json.dumps({"message": "Not found"})}
    ///     return {"statusCode": 200, "body": json.dumps(response["Item"], default=str)}
    /// ```
    ///
    /// ## Use instead
    /// An AWS integration of a REST API with mapping templates, or a first-class integration of an HTTP
    /// API where there is one for the call.
    ///
    /// ## When to keep it
    /// When the handler will soon do more, when its logs or metrics are needed as they are, or when the
    /// team would rather test Python or JavaScript than mapping templates.
    pub PASS_THROUGH_FUNCTION = {
        id: "pass-through-function",
        category: Structure,
        severity: Warning,
        summary: "route's function only hands the request on to one AWS call",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for forward in forwards(app, |trigger| matches!(trigger, Trigger::Route(_)))
        .iter()
        .filter(|forward| forward.what.checks.is_empty())
    {
        let message = format!(
            "{} only hands the request on to {}:{}",
            all(&forward.triggers),
            forward.what.service,
            forward.what.operation
        );
        found.push(finding(forward, message).help(receipt(forward)));
    }
}
