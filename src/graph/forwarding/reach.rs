//! Which integration, task resource or target makes a call in place of a function.

use super::{Integration, Reason, Trigger};
use crate::aws::direct::{self, Language, Reach};
use crate::aws::iam;
use crate::graph::{ApiKind, EventSource};

/// How a trigger says things: the kind of mapping it has, and its language.
pub(super) fn kind<'t>(trigger: Trigger<'t>) -> &'t str {
    match trigger {
        Trigger::Route(route) => match route.api_kind {
            ApiKind::Rest => "rest",
            ApiKind::Http => "http",
            ApiKind::WebSocket => "websocket",
        },
        Trigger::Task(_) => "task",
        Trigger::Event(event) => event.kind,
        Trigger::Invocation(_) => "invocation",
    }
}

/// The language of the mapping that would stand in for the function.
pub(super) fn language(trigger: Trigger<'_>, call: Option<(&str, &str)>) -> Option<&'static Language> {
    match (trigger, call) {
        (Trigger::Event(event), Some((service, operation))) => reached(event, service, operation)?.language(),
        (Trigger::Event(_) | Trigger::Invocation(_), None) => direct::language("rule"),
        _ => direct::language(kind(trigger)),
    }
}

/// Whether the mapping of the answer sees how a call ended, by the name of an error or of an outcome. What needs a REST API is judged
/// by its mapping.
pub(super) fn sees_ends(trigger: Trigger<'_>, service: &str, operation: &str) -> bool {
    let maps = match trigger {
        Trigger::Route(route) => match route.api_kind {
            ApiKind::Rest => true,
            ApiKind::Http => direct::http_subtype(service, operation).is_none(),
            ApiKind::WebSocket => false,
        },
        Trigger::Task(_) | Trigger::Event(_) | Trigger::Invocation(_) => false,
    };
    maps && direct::names_errors(service)
}

pub(super) fn reached(event: &EventSource, service: &str, operation: &str) -> Option<&'static Reach> {
    direct::reach(event.kind, service, operation)
}

/// What makes the call, or why nothing can.
pub(super) fn integration(
    trigger: Trigger<'_>,
    service: &str,
    operation: &str,
) -> Result<Integration, Reason> {
    let action = format!("{}:{operation}", iam::prefix(service));
    if direct::is_out_of_reach(service, operation) {
        return Err(Reason::new(trigger.span(), format!("calls {action}, which has no integration")));
    }
    let (name, needs) = match trigger {
        Trigger::Route(route) if route.api_kind == ApiKind::Http => {
            match direct::http_subtype(service, operation) {
                Some(subtype) => {
                    let needs = "its answer has the body of the service's: only status and headers can be \
                                 overwritten, and any other answer needs a REST API"
                        .to_owned();
                    (format!("the first-class integration `{subtype}`"), Some(needs))
                }
                None => {
                    let needs = format!("a REST API, as HTTP APIs have no integration for `{action}`");
                    (format!("the AWS integration `{action}`"), Some(needs))
                }
            }
        }
        Trigger::Route(_) => (format!("the AWS integration `{action}`"), None),
        Trigger::Task(_) => {
            (format!("the task resource `{}`", direct::task_resource(service, operation)), None)
        }
        Trigger::Invocation(_) => {
            return Err(Reason::new(trigger.span(), "is invoked by what the templates do not say"));
        }
        Trigger::Event(event) => match reached(event, service, operation) {
            Some(reach) => (format!("{}, which calls `{action}`", reach.how), None),
            None => {
                let text =
                    format!("calls {action}, which events of {} cannot reach without a function", event.kind);
                return Err(Reason::new(trigger.span(), text));
            }
        },
    };
    Ok(Integration { name, needs })
}
