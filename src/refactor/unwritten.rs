//! What no refactoring writes: its findings are advice.

use super::{event_target, placement, sdk_integration};
use crate::aws::mappings;
use crate::graph::forwarding::{Forwarding, Trigger};
use crate::graph::{ApiKind, EventSource, FunctionRef, Route};

/// Why nothing is written for a trigger that could make a call itself. Of routes and events only what no
/// change of the code or of its template would help; of a state whatever its refactoring refuses. As the end
/// of "nothing is written for you, as it ...".
pub fn unwritten(function: FunctionRef<'_>, trigger: &Trigger<'_>, what: &Forwarding) -> Option<String> {
    match trigger {
        Trigger::Task(task) => sdk_integration::refused(function, task, what),
        Trigger::Route(route) => of_route(route, what),
        Trigger::Event(event) => of_event(event, what),
        Trigger::Invocation(_) => None,
    }
}

/// The same for a trigger that could answer with a constant itself.
pub fn unwritten_constant(trigger: &Trigger<'_>) -> Option<String> {
    match trigger {
        Trigger::Route(route) if route.api_kind == ApiKind::WebSocket => {
            placement::takes_constant(route).err().map(|refusal| refusal.text)
        }
        _ => None,
    }
}

pub(super) fn of_call(what: &Forwarding) -> String {
    format!("calls {}:{}, for which this refactoring has no mapping", what.service, what.operation)
}

pub(super) fn of_source(event: &EventSource, what: &Forwarding) -> String {
    format!(
        "calls {}:{}, to which this refactoring has no way from {}",
        what.service, what.operation, event.kind
    )
}

fn of_route(route: &Route, what: &Forwarding) -> Option<String> {
    if mappings::mapping(&what.service, &what.operation).is_none() {
        return Some(of_call(what));
    }
    // An HTTP API may become a REST API; a WebSocket API becomes nothing else.
    let is_socket = route.api_kind == ApiKind::WebSocket;
    placement::takes_call(route, what).err().filter(|_| is_socket).map(|refusal| refusal.text)
}

fn of_event(event: &EventSource, what: &Forwarding) -> Option<String> {
    (!event_target::has_way(event.kind)).then(|| of_source(event, what))
}
