//! Functions that only check a request and hand it on to one AWS call.

use super::forwarding::{all, finding, forwards};
use crate::graph::forwarding::Trigger;
use crate::rule::prelude::*;

rule! {
    /// ## What it does
    /// Finds routes whose function would be a pass-through but for checks of the request that a JSON
    /// schema can say: a value out of a list, a type, a range, a length, a prefix.
    ///
    /// ## Why it matters
    /// A request validator of API Gateway turns such requests down before anything is invoked, and the
    /// rest is a direct integration.
    ///
    /// ## Example
    /// ```python
    /// if body["size"] not in ("S", "M", "L"):
    ///     return {"statusCode": 400, "body": "unknown size"}
    /// sqs.send_message(QueueUrl=QUEUE, MessageBody=body["size"])
    /// ```
    ///
    /// ## Use instead
    /// A model with a JSON schema, a request validator, and an AWS integration.
    ///
    /// ## When to keep it
    /// When callers depend on the messages that go with each refusal: a validator has one for all.
    ///
    /// ## Refactoring safety
    /// `slslint refactor <function>` writes the model, the validator and the integration where the checks
    /// are of presence, of types in JavaScript, of lists of texts, of lengths, of ranges of numbers, or of
    /// how a text begins, and all end in one constant answer, which becomes `BAD_REQUEST_BODY` of the API. A
    /// body that is no JSON object, lacks a checked field or has one of another type gets that answer too,
    /// even where the handler fails or compares it in ways of its own.
    ///
    /// Refused: several answers, as an API has one `BAD_REQUEST_BODY` for all bodies that it turns down: a
    /// template of the request cannot answer, and one of the answer cannot see the body. Checks that come
    /// after something else is asked, or only sometimes, as a validator comes first. Regular expressions,
    /// whose dialects differ. An API that validates other requests.
    pub VALIDATING_PASS_THROUGH = {
        id: "validating-pass-through",
        category: Structure,
        severity: Info,
        profile: Preview,
        summary: "route's function only checks the request and hands it on to one AWS call",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for forward in forwards(app, |trigger| matches!(trigger, Trigger::Route(_)))
        .iter()
        .filter(|forward| !forward.what.checks.is_empty())
    {
        let message = format!(
            "{} only checks the request and hands it on to {}:{}",
            all(&forward.triggers),
            forward.what.service,
            forward.what.operation
        );
        let first = "check with a request validator and a JSON schema; ";
        found.push(finding(forward, message, first));
    }
}
