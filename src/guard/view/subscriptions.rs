//! Subscriptions of topics.

use super::known::facts_of;
use super::{About, Facts, Node, Place, Wanted};
use crate::graph::{App, EventSource, Subject, TemplateId};
use crate::template::{Resource, Value};

pub(super) fn nodes(app: &App<'_>, _wanted: &Wanted<'_>) -> Vec<Node> {
    let resources = app.resources().filter(|(_, resource)| resource.is("AWS::SNS::Subscription"));
    let events = app.graph.event_sources.iter();
    let events = events.filter(|event| event.kind == "sns" && event.event.is_some());
    resources
        .flat_map(|(id, resource)| of_resource(app, id, resource))
        .chain(events.flat_map(|event| of_event(app, event)))
        .collect()
}

fn of_resource(app: &App<'_>, id: TemplateId, resource: &Resource) -> Vec<Node> {
    let template = app.template(id);
    let settings =
        [("redrive", resource.property("RedrivePolicy")), ("protocol", resource.property("Protocol"))];
    let held = facts_of(template, resource.condition.as_ref(), settings, |known| {
        let mut facts = Facts::default();
        facts.set_known("has_redrive", known.is_set("redrive"));
        facts.set_known("protocol", known.get("protocol").and_then(Value::as_str));
        facts
    });
    let place = Place::new(
        app,
        resource.id.text.clone(),
        resource.id.span,
        About::Resource(resource.id.text.clone()),
    );
    place.nodes(held)
}

/// An event of a function, unless it goes through a queue.
fn of_event(app: &App<'_>, event: &EventSource) -> Vec<Node> {
    let (Subject::Function(id), Some(name)) = (&event.subject, &event.event) else { return Vec::new() };
    if event.properties.get("SqsSubscription").is_some() {
        return Vec::new();
    }
    let template = app.template(event.template);
    let redrive = event.properties.get("RedrivePolicy");
    let held = facts_of(template, None, [("redrive", redrive)], |known| {
        let mut facts = Facts::default();
        facts.set_known("has_redrive", known.is_set("redrive"));
        facts.set("protocol", "lambda");
        facts
    });
    let place =
        Place::new(app, format!("{id}.{}", name.text), event.span, About::Functions(vec![id.clone()]));
    place.nodes(held)
}
