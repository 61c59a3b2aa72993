//! Which form the events of a function have.

use crate::aws::event_shapes::{EventShape, event_shape, has_records};
use crate::graph::{ApiKind, Reference, Route};
use crate::rules::code::Judged;

/// The only form of event that reaches a function; `None` where there are several, or others that are
/// not known.
pub fn only_shape(judged: &Judged<'_>) -> Option<&'static EventShape> {
    if judged.is_called_otherwise() {
        return None;
    }
    let mut ids: Vec<&str> = Vec::new();
    for route in judged.function.routes() {
        ids.push(shape_of_route(judged, route)?);
    }
    for event in judged.function.event_sources() {
        ids.push(has_records(event.kind).then_some("records")?);
    }
    let (first, others) = ids.split_first()?;
    others.iter().all(|other| other == first).then(|| event_shape(first))?
}

/// The form of the events that a route of a SAM event makes.
fn shape_of_route(judged: &Judged<'_>, route: &Route) -> Option<&'static str> {
    const PAYLOAD_1: &str = "1.0";
    let function = judged.function;
    let event = route.event.as_ref()?;
    // Where the API has a definition of its own, that says what is passed on.
    if let Reference::Resource(id) = &route.api
        && let Some(api) = function.template().resource(id)
        && (api.property("DefinitionBody").is_some() || api.property("DefinitionUri").is_some())
    {
        return None;
    }
    let version = function
        .property("Events")
        .and_then(|events| events.at(&[&event.text, "Properties", "PayloadFormatVersion"]));
    match (route.api_kind, version) {
        (ApiKind::Rest, _) => Some("rest"),
        (ApiKind::Http, None) => Some("http"),
        (ApiKind::Http, Some(version)) => Some(if version.scalar()? == PAYLOAD_1 { "rest" } else { "http" }),
        (ApiKind::WebSocket, _) => None,
    }
}
