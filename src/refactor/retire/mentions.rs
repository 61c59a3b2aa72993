//! What speaks of a resource, outside of the resource itself.

use std::collections::BTreeSet;

use crate::aws::generated_ids;
use crate::refactor::draft::{Draft, Place};
use crate::source::{SourceId, Span};
use crate::template::{MentionKind, Template, Value};

/// The first place that speaks of a resource in the texts as they are by now.
pub(in crate::refactor) fn next(draft: &Draft<'_>, template: &Template, id: &str) -> Option<Place> {
    all(draft, template, id).into_iter().next()
}

/// Every such place.
pub(super) fn all(draft: &Draft<'_>, template: &Template, id: &str) -> Vec<Place> {
    written(draft, template, id).into_iter().map(|(place, _)| place).collect()
}

/// The same, with the name as it stands in the text as it is by now.
pub(in crate::refactor) fn written(draft: &Draft<'_>, template: &Template, id: &str) -> Vec<(Place, Span)> {
    let mut found = Vec::new();
    for source in files(template, id) {
        let Some(root) = draft.value(&Place::new(source, &[])) else { continue };
        let own = |place: &Place| source == template.source && place.keys().starts_with(&["Resources", id]);
        let places =
            spans(&root, template, id).into_iter().filter_map(|span| Some((draft.place_of(span)?, span)));
        found.extend(places.filter(|(place, _)| !own(place)));
    }
    found
}

/// The template's own file, and those it includes that speak of the resource.
fn files(template: &Template, id: &str) -> BTreeSet<SourceId> {
    let mut files = BTreeSet::from([template.source]);
    for (_, value) in template.resources.iter().flat_map(|resource| resource.properties.iter()) {
        let named = value.mentions().into_iter().filter(|mention| is_of(template, id, &mention.name.text));
        files.extend(named.map(|mention| mention.name.span.source));
    }
    files
}

/// Every mention, in the order of the text.
fn spans(root: &Value, template: &Template, id: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = root
        .mentions()
        .into_iter()
        .filter(|mention| mention.kind != MentionKind::Condition && is_of(template, id, &mention.name.text))
        // What a refactoring has added is a resource of its own, whatever its name.
        .filter(|mention| mention.name.text == id || root.at(&["Resources", &mention.name.text]).is_none())
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

/// Whether a name is that of a resource, or one that a deployment makes for it: `GetCartRole`.
fn is_of(template: &Template, id: &str, name: &str) -> bool {
    let Some(rest) = name.strip_prefix(id) else { return false };
    if rest.is_empty() {
        return true;
    }
    if template.resource(name).is_some() || template.parameter(name).is_some() {
        return false;
    }
    let Some(resource) = template.resource(id) else { return false };
    let events = resource.property("Events").and_then(Value::as_map);
    let events: Vec<&str> =
        events.into_iter().flat_map(|events| events.iter()).map(|(name, _)| name.text.as_str()).collect();
    let made = generated_ids::suffixes(&resource.kind.text);
    rest.starts_with('.') || made.iter().any(|suffix| suffix.fits(rest, events.iter().copied()))
}
