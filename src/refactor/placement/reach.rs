//! Which routes take an integration with mapping templates: those of REST APIs, and of WebSocket APIs those
//! that are told who comes and goes.
//!
//! HTTP APIs have integrations for a few calls. They answer with the body of the service: parameter mapping
//! overwrites the status, for one status at a time, and headers. So no handler that answers with anything
//! else is the same, nor does an error stay one of the handler's.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services-reference.html>
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html>

use crate::aws::direct;
use crate::aws::iam;
use crate::graph::forwarding::{Forwarding, When};
use crate::graph::{ApiKind, Route};
use crate::refactor::Refusal;

/// Routes of WebSocket APIs whose answer is not sent to anybody.
const UNREAD: &[&str] = &["$connect", "$disconnect"];

/// Whether a route takes an integration that makes a call.
///
/// # Errors
/// What its API lacks for that.
pub fn takes_call(route: &Route, what: &Forwarding) -> Result<(), Refusal> {
    let call = format!("{}:{}", iam::prefix(&what.service), what.operation);
    match route.api_kind {
        ApiKind::Rest => Ok(()),
        ApiKind::WebSocket if UNREAD.contains(&route.path.as_str()) => Ok(()),
        ApiKind::WebSocket => {
            let text = format!("calls {call} for messages of a WebSocket API, which is not written for you");
            Err(Refusal::new(route.span, text))
        }
        ApiKind::Http => match direct::http_subtype(&what.service, &what.operation) {
            None => {
                let text =
                    format!("calls {call}, for which HTTP APIs have no integration: it needs a REST API");
                Err(Refusal::new(route.span, text))
            }
            Some(subtype) => {
                let answer = what.answers.iter().find(|answer| answer.when == When::Done);
                let origin = answer.map_or("nothing", |answer| answer.origin.as_str());
                let text = format!(
                    "answers with {origin}, where `{subtype}` of an HTTP API answers with the body of the \
                     service: parameter mapping only overwrites its status and headers"
                );
                Err(Refusal::new(answer.map_or(route.span, |answer| answer.span), text))
            }
        },
    }
}

/// The same for an integration that answers with a constant.
///
/// # Errors
/// What its API lacks for that.
pub fn takes_constant(route: &Route) -> Result<(), Refusal> {
    let text = match route.api_kind {
        ApiKind::Rest => return Ok(()),
        ApiKind::Http => "is a route of an HTTP API, which has no mock integrations: it needs a REST API",
        ApiKind::WebSocket => "is a route of a WebSocket API, whose integrations are not written for you",
    };
    Err(Refusal::new(route.span, text))
}
