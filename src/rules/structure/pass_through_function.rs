//! Functions behind a route that only hand a request on to one AWS call.

use super::forwarding::{all, finding, forwards};
use crate::graph::forwarding::Trigger;
use crate::rule::prelude::*;

rule! {
    /// ## What it does
    /// Finds routes whose way through the handler makes exactly one AWS call, with parts of the request
    /// only projected into it and its answer only projected out. A function is judged for each of its
    /// routes, so one case of a switch on the route can be found.
    ///
    /// Branches may only ask whether a part of the request is there, whether the answer is empty, whether
    /// the call failed, or with which error, where the service names it in JSON. Logs, metrics and traces do
    /// not count.
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
    /// An AWS integration of a REST API with mapping templates. An HTTP API has first-class integrations for
    /// a few calls, whose answer is that of the service.
    ///
    /// ## When to keep it
    /// When the handler will soon do more, when its logs or metrics are needed as they are, or when the
    /// team would rather test Python or JavaScript than mapping templates.
    ///
    /// ## Refactoring safety
    /// `slslint refactor <function>` writes the integration: templates of the request and the answers, a
    /// role with the one action on the one resource, and the route in the definition of the API. For each
    /// change it names what may differ; what would differ in other ways, it refuses.
    ///
    /// It writes where the template says what the route does: the operation of a definition that is in the
    /// template or included, or the method that is a resource (`AWS::ApiGateway::Method`), whose authorizer,
    /// key, models and timeout stay. Of a WebSocket API that is `$connect` and `$disconnect`, whose answer
    /// nobody reads, by their `AWS::ApiGatewayV2::Integration`. As a deployment of such an API serves the
    /// routes as they were, it gets another name, so that there is a new one.
    ///
    /// Where SAM writes the definition, only this route is written out and `MergeDefinitions` adds the
    /// events of all other functions, so authorizers, keys, CORS and method settings stay the API's own.
    /// Methods beside SAM's definition would be lost when it changes. The API
    /// that SAM makes for events that name none cannot be given a definition: it becomes one of the
    /// template, with a new address.
    ///
    /// Known differences: a table's sets and binary values, numbers closer to zero than 0.000001 and lists
    /// of more than 1,000 entries (an error instead of an answer); whether `%41` in a path reaches a
    /// mapping as it is, which AWS does not document; numbers beyond what a double holds; requests that
    /// are not `application/json` (415) or no JSON (400); a request without a body, for which a mapping
    /// reads `{}`; the text of errors; the retries of the SDK. Answers are the same as JSON, not byte for
    /// byte.
    ///
    /// Where the handler turns bodies down by the presence of fields, lists of texts, lengths or ranges,
    /// always with one constant answer, a request validator does so instead: with a model (JSON schema) and
    /// that answer as the one of the gateway (`BAD_REQUEST_BODY`). It also answers bodies that are no JSON
    /// object.
    ///
    /// Errors that the handler tells apart, by `except client.exceptions.X`, by the code of a `ClientError`,
    /// or in JavaScript by name or class, are told apart by the `__type` in the service's answer, which has
    /// status 400 for nearly all of them; the template of the answer sets the handler's status. What the
    /// handler does not name is answered as it answers that, or by the 502 of Lambda's proxy. What the
    /// handler itself fails at, such as a missing field, is sent to a table in a form that it cannot even
    /// read, so that no named error is mistaken for it. Where a service has no such form, or clauses take
    /// errors of the code together with those of the call, that is refused.
    ///
    /// Of a workflow that is waited for (`StartSyncExecution`), the output is the answer, and the status may
    /// decide between it and constants.
    ///
    /// Refused: S3, whose keys and contents a mapping is not known to carry as they are; errors told apart by
    /// their text, errors of services that do not speak JSON (SQS, SNS, S3), `default=int` and encoders of
    /// the code's own, headers that are not constant, routers, other conditions on the body, texts put
    /// together, times, API Gateway's binary media types for JSON, events with models or IAM, functions with
    /// a condition, messages of WebSocket APIs.
    ///
    /// HTTP APIs are refused, too. They have no integration for DynamoDB and most other services. Where they
    /// have one (`SQS-SendMessage`, `EventBridge-PutEvents`, `Kinesis-PutRecord`,
    /// `StepFunctions-StartExecution` and six more) it answers with the body of the service, errors included:
    /// parameter mapping only overwrites the status, for one status at a time, and headers. So the answer is
    /// another one than that of any handler which makes its own, even of one without a body.
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services-reference.html>,
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html>
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
        let name = all(&forward.triggers).replace('`', "");
        found.push(finding(forward, message, "").one_of_template("", name));
    }
}
