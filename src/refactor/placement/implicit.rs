//! The API that SAM makes by itself, as one of the template.
//!
//! It has no definition that could be written to, and SAM replaces a resource of its name. So an API of
//! another name takes its place, and the events name it. The stage keeps its name; the address changes.

use super::super::draft::{Draft, Place};
use super::super::written::{map, reference};
use super::{Refusal, Yaml};
use crate::aws::generated_ids;
use crate::graph::{App, FunctionRef, Reference, Route};
use crate::source::Span;
use crate::template::Template;

/// The stage of the API that SAM makes by itself.
const STAGE: &str = "Prod";
const NAMES: &[&str] = &["RestApi", "MainApi", "PublicApi", "RouteApi"];

pub(super) fn is_implicit(template: &Template, id: &str) -> bool {
    generated_ids::implicit_apis().iter().any(|api| api.id == id) && template.resource(id).is_none()
}

/// Declares the API; gives its logical id.
///
/// # Errors
/// Where something depends on the API that SAM makes.
pub(super) fn declare(
    draft: &mut Draft<'_>,
    app: &App<'_>,
    function: FunctionRef<'_>,
    route: &Route,
    implicit: &str,
) -> Result<String, Refusal> {
    let template = function.template();
    let resources = Place::new(template.source, &["Resources"]);
    let id = NAMES.iter().find(|name| !draft.has(&resources.key(name)));
    let id = (*id.ok_or_else(|| Refusal::new(route.span, "no name is free for its API"))?).to_owned();
    let mut seen: Vec<Span> = Vec::new();
    let same_api = |other: &&Route| {
        other.template == route.template && other.api == Reference::Resource(implicit.to_owned())
    };
    for other in app.graph.routes.iter().filter(same_api) {
        let owner = template.resources.iter().find(|resource| resource.span.contains(other.span));
        if let Some(condition) = owner.and_then(|owner| owner.condition.as_ref()) {
            let text = format!("SAM makes its API only where `{}` holds", condition.text);
            return Err(Refusal::new(condition.span, text));
        }
        if other.span == route.span || seen.contains(&other.span) {
            continue;
        }
        seen.push(other.span);
        let place = draft.first_place_of(other.span);
        let place = place.filter(|place| place.source == template.source);
        let properties = place
            .ok_or_else(|| Refusal::new(other.span, "this event is not written here"))?
            .key("Properties");
        if !draft.has(&properties.key("RestApiId")) {
            draft.insert(&properties, "RestApiId", &reference(&id), None)?;
        }
    }
    let api = map([
        ("Type", Yaml::from("AWS::Serverless::Api")),
        ("Properties", map([("StageName", Yaml::from(STAGE))])),
    ]);
    draft.insert(&resources, &id, &api, None)?;
    rename(draft, template, implicit, &id)?;
    Ok(id)
}

/// What speaks of the API, or of something that SAM makes with it, speaks of the new one.
fn rename(draft: &mut Draft<'_>, template: &Template, from: &str, to: &str) -> Result<(), Refusal> {
    let root = Place { source: template.source, steps: Vec::new() };
    loop {
        let Some(value) = draft.value(&root) else { return Ok(()) };
        let mentions = value.mentions();
        let Some(mention) = mentions.iter().find(|mention| mention.name.text.starts_with(from)) else {
            return Ok(());
        };
        let text = draft.text(template.source);
        let range = mention.name.span.range();
        let written = text.get(range.clone()).unwrap_or_default();
        let Some(at) = written.find(from) else {
            return Err(Refusal::new(
                mention.name.span,
                format!("speaks of `{from}` in a way that cannot be edited"),
            ));
        };
        let start = range.start + at;
        let text = format!("{}{to}{}", &text[..start], &text[start + from.len()..]);
        draft.rewrite(template.source, text);
    }
}
