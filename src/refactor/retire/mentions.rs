//! What speaks of a resource, outside of the resource itself.

use std::collections::BTreeSet;

use crate::refactor::draft::{Draft, Place};
use crate::source::{SourceId, Span};
use crate::template::{MentionKind, Template, Value};

/// The first place that speaks of a resource in the texts as they are by now.
pub(super) fn next(draft: &Draft<'_>, template: &Template, id: &str) -> Option<Place> {
    all(draft, template, id).into_iter().next()
}

/// Every such place.
pub(super) fn all(draft: &Draft<'_>, template: &Template, id: &str) -> Vec<Place> {
    let mut found = Vec::new();
    for source in files(template, id) {
        let Some(root) = draft.value(&Place::new(source, &[])) else { continue };
        let own = |place: &Place| source == template.source && place.keys().starts_with(&["Resources", id]);
        let places = spans(&root, id).into_iter().filter_map(|span| draft.place_of(span));
        found.extend(places.filter(|place| !own(place)));
    }
    found
}

/// The template's own file, and those it includes that speak of the resource.
fn files(template: &Template, id: &str) -> BTreeSet<SourceId> {
    let mut files = BTreeSet::from([template.source]);
    for (_, value) in template.resources.iter().flat_map(|resource| resource.properties.iter()) {
        let named = value.mentions().into_iter().filter(|mention| mention.name.text == id);
        files.extend(named.map(|mention| mention.name.span.source));
    }
    files
}

/// Every mention, in the order of the text.
fn spans(root: &Value, id: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = root
        .mentions()
        .into_iter()
        .filter(|mention| mention.name.text == id && mention.kind != MentionKind::Condition)
        .map(|mention| mention.name.span)
        .collect();
    let resources = root.get("Resources").and_then(Value::as_map);
    for depends in
        resources.into_iter().flat_map(|all| all.iter()).filter_map(|(_, one)| one.get("DependsOn"))
    {
        let named = |value: &&Value| value.as_str() == Some(id);
        spans.extend(std::iter::once(depends).filter(named).map(|value| value.span));
        spans.extend(depends.as_list().unwrap_or_default().iter().filter(named).map(|value| value.span));
    }
    spans.sort();
    spans
}
