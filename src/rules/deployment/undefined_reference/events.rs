//! What events of SAM functions and state machines must name: APIs, buckets, user pools.

use super::about;
use super::apis;
use super::names::{Meaning, Names};
use crate::aws::event_sources::{Ground, requirement};
use crate::finding::Finding;
use crate::rule::Found;
use crate::source::Span;
use crate::template::{Intrinsic, Map, Name, Resource, Template, Value};

/// An entry of `Events` that is written out.
pub(super) struct Event<'a> {
    pub resource: &'a Resource,
    pub name: &'a Name,
    pub kind: &'a str,
    pub properties: &'a Map,
}

/// The events of all SAM functions and state machines.
pub(super) fn events(template: &Template) -> impl Iterator<Item = Event<'_>> {
    let sam =
        template.resources.iter().filter(|resource| resource.kind.text.starts_with("AWS::Serverless::"));
    sam.flat_map(|resource| {
        let events = resource.property("Events").and_then(Value::as_map).into_iter().flat_map(Map::iter);
        events.filter_map(move |(name, body)| {
            let properties = body.get("Properties").and_then(Value::as_map).unwrap_or(&EMPTY);
            let kind = body.get("Type")?.as_str()?;
            properties.get("Fn::Transform").is_none().then_some(Event { resource, name, kind, properties })
        })
    })
}

static EMPTY: Map = Map { entries: Vec::new() };

/// Whether a place lies in what an event must name.
pub(super) fn is_in_one(template: &Template, span: Span) -> bool {
    events(template).any(|event| {
        requirement(event.kind)
            .and_then(|requirement| event.properties.get(&requirement.property))
            .is_some_and(|value| value.span.contains(span))
    })
}

/// `complete`: a name that is not in the template is nowhere.
pub(super) fn check(names: &Names<'_>, complete: bool, found: &mut Found) {
    for event in events(names.template) {
        let wrong = wrong_source(names, &event, complete);
        let right = wrong.is_none();
        found.extend(wrong.map(|finding| about(finding, names.template, event.resource)));
        if right {
            let findings = apis::of_event(names, &event);
            found.extend(findings.into_iter().map(|finding| about(finding, names.template, event.resource)));
        }
    }
}

/// The event's source, where it is not what it must be.
fn wrong_source(names: &Names<'_>, event: &Event<'_>, complete: bool) -> Option<Finding> {
    let requirement = requirement(event.kind)?;
    let value = event.properties.get(&requirement.property)?;
    let what = format!("`{}` of `{}`", requirement.property, event.name.text);
    let wanted = &requirement.wanted;
    let outside = || {
        Finding::at(value.span, format!("{what} must name {wanted} of this template"))
            .because(event.name.span, "the event")
            .help(format!("name {wanted} with `Ref`"))
    };
    match value.as_intrinsic() {
        Some(Intrinsic::Ref(name)) if names.template.parameter(&name.text).is_some() => {
            (requirement.ground == Ground::Reference).then(outside)
        }
        Some(Intrinsic::Ref(name)) => unlike(names, event, value, &name.text),
        Some(Intrinsic::Transform { .. } | Intrinsic::Other { .. }) => None,
        Some(_) => (requirement.ground == Ground::Reference).then(outside),
        None => {
            let text = value.as_str().filter(|_| complete)?;
            let is_there = !matches!(names.resource(text), Meaning::Unknown);
            match requirement.ground {
                Ground::Reference => Some(outside()),
                Ground::Name if is_there => unlike(names, event, value, text),
                Ground::Name => Some(outside()),
            }
        }
    }
}

/// A resource that is there and cannot be the source of such an event.
fn unlike(names: &Names<'_>, event: &Event<'_>, value: &Value, id: &str) -> Option<Finding> {
    let requirement = requirement(event.kind)?;
    let resource = names.template.resource(id)?;
    requirement.unlike.contains(&resource.kind.text).then(|| {
        let message =
            format!("`{}` of `{}` names no {}", requirement.property, event.name.text, requirement.noun);
        Finding::at(value.span, message)
            .because(resource.kind.span, format!("{id} is of another type"))
            .help(format!("name {} of this template", requirement.wanted))
    })
}
