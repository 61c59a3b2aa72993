//! What speaks of the members speaks of the new function.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::Merge;
use crate::aws::merging::follows;
use crate::edit::Edit;
use crate::refactor::Refusal;
use crate::refactor::draft::{Draft, Place};
use crate::refactor::retire::mentions;
use crate::source::{SourceId, Span};
use crate::template::Value;
use crate::yaml::patch;

/// Rewrites every mention, and says what means something else then.
///
/// # Errors
/// Mentions that no other name can take the place of.
pub fn follow(draft: &mut Draft<'_>, merge: &Merge<'_>) -> Result<Vec<String>, Vec<Refusal>> {
    log_groups(draft, merge)?;
    let mut refusals = Vec::new();
    let mut edits: BTreeMap<SourceId, BTreeSet<(Span, String)>> = BTreeMap::new();
    let mut differs = BTreeSet::new();
    for id in merge.ids() {
        for (place, span) in mentions::written(draft, merge.template, id) {
            match judged(draft, merge, id, &place, span) {
                Ok(said) => {
                    differs.extend(said);
                    let at = Span::new(span.source, span.start as usize, span.start as usize + id.len());
                    edits.entry(span.source).or_default().insert((at, merge.id.clone()));
                }
                Err(text) => refusals.push(Refusal::new(draft.first_span(&place), text)),
            }
        }
    }
    if !refusals.is_empty() {
        refusals.sort();
        refusals.dedup();
        return Err(refusals);
    }
    for (source, edits) in edits {
        let edits: Vec<Edit> = edits.into_iter().map(|(span, text)| Edit { span, text }).collect();
        match patch::applied(draft.text(source), &edits) {
            Some(text) => draft.rewrite(source, text),
            None => return Merge::refuse(merge.first, "what speaks of it cannot be edited"),
        }
    }
    names_are_forgotten(draft, merge)?;
    depends_once(draft, merge)?;
    if merge.ids().any(|id| id != merge.id && mentions::next(draft, merge.template, id).is_some()) {
        return Merge::refuse(merge.first, "something would still speak of it");
    }
    Ok(differs.into_iter().collect())
}

/// What a mention means after the change; the reason where it cannot be rewritten.
fn judged(
    draft: &Draft<'_>,
    merge: &Merge<'_>,
    id: &str,
    place: &Place,
    span: Span,
) -> Result<Option<String>, String> {
    let written = draft.text(span.source).get(span.range()).unwrap_or_default();
    let Some(rest) = written.strip_prefix(id) else {
        return Err(format!("`{id}` is written here in a way that cannot be edited"));
    };
    let is_whole = rest.is_empty() || rest.starts_with('.') || rest.starts_with("Role");
    if !is_whole {
        return Err(format!("`{written}` is made for `{id}` and would have another name"));
    }
    let others = merge.app.templates().filter(|(_, other)| other.source != merge.template.source);
    let shared = others.into_iter().any(|(_, other)| {
        let values = other.resources.iter().flat_map(|one| one.properties.iter()).map(|(_, value)| value);
        values.flat_map(Value::mentions).any(|mention| mention.name.span.source == span.source)
    });
    if shared && span.source != merge.template.source {
        return Err("another template includes this file".to_owned());
    }
    let keys = place.keys();
    if span.source != merge.template.source {
        // A part of a resource that the template includes; which one, its kind, was asked by the group.
        return Ok(None);
    }
    match keys.as_slice() {
        ["Outputs", name, ..] => match draft.has(&Place::new(place.source, &["Outputs", name, "Export"])) {
            true => {
                Err(format!("the output `{name}` is exported: a stack that imports it holds its value fast"))
            }
            false => Ok(None),
        },
        ["Resources", owner, ..] if *owner == merge.id => Ok(None),
        ["Resources", owner, inside @ ..] => in_resource(merge, id, owner, inside),
        _ => Err(format!("`{id}` is spoken of here")),
    }
}

fn in_resource(merge: &Merge<'_>, id: &str, owner: &str, inside: &[&str]) -> Result<Option<String>, String> {
    let kind = merge.template.resource(owner).map(|one| one.kind.text.as_str()).unwrap_or_default();
    match inside {
        ["DependsOn", ..] => Ok(None),
        ["Properties", "Auth", ..] => Err(format!("`{owner}` lets `{id}` decide who comes in")),
        ["Properties", ..] if follows(kind) => Ok(match kind {
            "AWS::CloudWatch::Alarm" => {
                Some(format!("the alarm `{owner}` watches all routes, not only those of `{id}`"))
            }
            "AWS::CloudWatch::Dashboard" | "AWS::Logs::MetricFilter" => {
                Some(format!("`{owner}` shows all routes where it showed those of `{id}`"))
            }
            _ => None,
        }),
        _ if kind.starts_with("AWS::ApiGateway::") => Err(format!(
            "`{owner}` is deployed as it was until there is a new deployment, and would call a function that is gone"
        )),
        _ => Err(format!("`{owner}` speaks of `{id}`")),
    }
}

/// The log groups of all become one.
fn log_groups(draft: &mut Draft<'_>, merge: &Merge<'_>) -> Result<(), Vec<Refusal>> {
    let mut kept: Option<String> = None;
    for id in merge.ids() {
        for resource in merge.template.resources.iter().filter(|one| one.is("AWS::Logs::LogGroup")) {
            let mentions = resource.property("LogGroupName").map(Value::mentions).unwrap_or_default();
            if !mentions.iter().any(|mention| mention.name.text == id) {
                continue;
            }
            let Some(first) = &kept else {
                kept = Some(resource.id.text.clone());
                continue;
            };
            let (one, other) =
                (&resource.properties, merge.template.resource(first).map(|one| &one.properties));
            let same = |other: &crate::template::Map| {
                let rest = |map: &crate::template::Map| {
                    let rest = map.iter().filter(|(name, _)| name.text != "LogGroupName");
                    rest.map(|(name, value)| (name.text.clone(), value.to_json().to_string()))
                        .collect::<BTreeSet<_>>()
                };
                rest(one) == rest(other)
            };
            if !other.is_some_and(same) {
                return Err(Refusal::new(
                    resource.id.span,
                    format!("this log group is another than `{first}`"),
                )
                .into());
            }
            if let Some(place) = mentions::next(draft, merge.template, &resource.id.text) {
                return Err(Refusal::new(
                    draft.first_span(&place),
                    format!("`{}` would go", resource.id.text),
                )
                .into());
            }
            draft.remove(&Place::new(merge.template.source, &["Resources"]), &resource.id.text)?;
        }
    }
    Ok(())
}

/// Nothing in the templates or in the code of functions has the name that a member was given.
fn names_are_forgotten(draft: &Draft<'_>, merge: &Merge<'_>) -> Result<(), Refusal> {
    let app = merge.app;
    let templates = app.templates().map(|(_, template)| template.source);
    let modules = app.functions().flat_map(|function| function.get().behaviour.modules.clone());
    let files: BTreeSet<SourceId> = templates.chain(modules).collect();
    for member in merge.members {
        let Some(name) = member.function.property("FunctionName") else { continue };
        let text = name.text();
        let fixed =
            |piece: &str| piece.rsplit('}').next().unwrap_or_default().trim_matches(['-', '_']).to_owned();
        let longest = text.split("${").map(fixed).max_by_key(String::len).filter(|piece| !piece.is_empty());
        let Some(piece) = longest else {
            return Err(Refusal::new(name.span, "who calls it by its name is not known"));
        };
        let Ok(pattern) = Regex::new(&format!(r"(^|[^\w/-]|[-_}}]){}($|[^\w-])", regex::escape(&piece)))
        else {
            continue;
        };
        for file in &files {
            if let Some(at) = pattern.find(draft.text(*file)) {
                let start = if draft.text(*file) == app.sources.text(*file) { at.start() } else { 0 };
                let said = format!("`{piece}` of the name of `{}` is spoken of here", member.function);
                return Err(Refusal::new(Span::new(*file, start, start), said));
            }
        }
    }
    Ok(())
}

/// A resource that depended on several members depends on the new function once.
fn depends_once(draft: &mut Draft<'_>, merge: &Merge<'_>) -> Result<(), Refusal> {
    for resource in &merge.template.resources {
        let place = Place::new(merge.template.source, &["Resources", &resource.id.text, "DependsOn"]);
        loop {
            let names: Vec<String> = draft
                .value(&place)
                .and_then(|value| {
                    Some(value.as_list()?.iter().filter_map(Value::as_str).map(str::to_owned).collect())
                })
                .unwrap_or_default();
            let again =
                (0..names.len()).find(|at| names[*at] == merge.id && names[..*at].contains(&merge.id));
            match again {
                Some(at) => draft.remove_item(&place, at)?,
                None => break,
            }
        }
    }
    Ok(())
}
