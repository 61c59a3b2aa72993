//! What cannot be taken apart, and where it stands.

use super::homes::{Crossing, Plan};
use super::links::Links;
use super::sites::{Form, Site};
use crate::aws::splitting::{is_list, names_api, same_template};
use crate::graph::{App, TemplateId};
use crate::refactor::Refusal;
use crate::source::Span;
use crate::template::{Template, Value};

/// Nothing stands in the way.
///
/// # Errors
/// All that does.
pub(super) fn none(
    app: &App<'_>,
    id: TemplateId,
    plan: &Plan,
    links: &Links,
    crossings: &[Crossing<'_>],
) -> Result<(), Vec<Refusal>> {
    let template = app.template(id);
    let mut found = Vec::new();
    layout(template, links, &mut found);
    nested(app, id, &mut found);
    elsewhere(template, plan, &mut found);
    for crossing in crossings {
        found.extend(unspeakable(template, plan, crossing));
    }
    shared_apis(template, plan, links, &mut found);
    exports(template, plan, &mut found);
    found.sort();
    found.dedup();
    if found.is_empty() { Ok(()) } else { Err(found) }
}

fn layout(template: &Template, links: &Links, found: &mut Vec<Refusal>) {
    let whole = Span::new(template.source, 0, 0);
    if links.aliased {
        found.push(Refusal::new(whole, "parts of it are written once and named by aliases"));
    }
    for name in &template.left_out {
        found.push(Refusal::new(name.span, format!("`{}` is not read as one resource", name.text)));
    }
    for resource in &template.resources {
        if resource.declared_in != template.source || resource.id.span.source != template.source {
            let text = format!("`{}` is written in another file", resource.id.text);
            found.push(Refusal::new(resource.id.span, text));
        } else if resource.kind.text.is_empty() {
            found.push(Refusal::new(resource.id.span, format!("`{}` has no type", resource.id.text)));
        }
    }
    let mut ids: Vec<Span> = template.resources.iter().map(|resource| resource.id.span).collect();
    ids.sort();
    if let Some(twice) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
        found.push(Refusal::new(twice[0], "a loop makes several resources here"));
    }
}

/// A template that another one deploys gets its parameters from there.
fn nested(app: &App<'_>, id: TemplateId, found: &mut Vec<Refusal>) {
    for stack in app.graph.applications.iter().filter(|stack| stack.location == Some(id)) {
        found.push(Refusal::new(stack.id.span, format!("`{}` deploys it as a whole", stack.id.text)));
    }
}

/// What is included from a file is there for all who include it.
fn elsewhere(template: &Template, plan: &Plan, found: &mut Vec<Refusal>) {
    for resource in &template.resources {
        let mentions = resource.properties.iter().flat_map(|(_, value)| value.mentions());
        for mention in mentions.filter(|mention| mention.name.span.source != template.source) {
            let home = plan.of.get(&resource.id.text);
            if template.resource(&mention.name.text).is_some() && plan.of.get(&mention.name.text) != home {
                let text = format!("an included file refers to `{}` of another service", mention.name.text);
                found.push(Refusal::new(mention.name.span, text));
            }
        }
    }
}

/// A reference that no parameter can stand for.
fn unspeakable(template: &Template, plan: &Plan, crossing: &Crossing<'_>) -> Option<Refusal> {
    let Site { form, attribute, steps, span, .. } = &crossing.link.site;
    let target = &crossing.link.target;
    let owner = plan.name(crossing.to);
    if *form == Form::Connector {
        let text = format!("a connector needs `{target}` in the same template, and that belongs to {owner}");
        return Some(Refusal::new(*span, text));
    }
    if let Some(attribute) = attribute
        && (attribute.is_empty() || is_list(attribute))
    {
        let text = format!("an attribute of `{target}` of {owner} is no text that could be handed on");
        return Some(Refusal::new(*span, text));
    }
    let path: Vec<&str> = steps.iter().map(String::as_str).collect();
    if let ["Properties", "Events", event, "Properties", property, ..] = path.as_slice() {
        let resource = template.resource(crossing.by)?;
        let events = resource.property("Events")?;
        let kind = events.at(&[event, "Type"]).and_then(Value::as_str)?;
        if same_template(kind) == Some(property) {
            let text =
                format!("this event needs `{target}` in the same template, and that belongs to {owner}");
            return Some(Refusal::new(*span, text));
        }
    }
    None
}

/// Who is given the address of an API that becomes several would have to be told which.
fn shared_apis(template: &Template, plan: &Plan, links: &Links, found: &mut Vec<Refusal>) {
    for (by, link) in links.all() {
        let Some(homes) = plan.several.get(&link.target).filter(|homes| homes.len() > 1) else { continue };
        let is_output = by.starts_with("Outputs.");
        let is_permission = template.resource(by).is_some_and(|one| one.is("AWS::Lambda::Permission"));
        let in_event = link.site.steps.iter().any(|step| step == "Events")
            && link.site.steps.last().is_some_and(|step| names_api(step));
        let is_own = plan.of.get(by).is_none_or(|home| homes.contains(home));
        if !is_own || !(is_output || is_permission || in_event) {
            let text = format!(
                "`{by}` refers to `{}`, which becomes one API for each of {}",
                link.target,
                homes.iter().map(|home| plan.name(*home)).collect::<Vec<_>>().join(", ")
            );
            found.push(Refusal::new(link.site.span, text));
        }
    }
}

/// A name can be exported once.
fn exports(template: &Template, plan: &Plan, found: &mut Vec<Refusal>) {
    for output in &template.outputs {
        let several = plan.several.contains_key(&super::links::output_id(&output.name.text));
        if let Some(export) = output.export.as_ref().filter(|_| several) {
            let text = format!("each service would export `{}`", output.name.text);
            found.push(Refusal::new(export.span, text));
        }
    }
}
