//! A deployment of an API is a picture of its routes: what changes after it is not served.
//!
//! CloudFormation makes a new one only for a resource of another name. SAM does so for the APIs whose
//! definition it writes; for other APIs the template has to.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html>

use serde_yaml::Value as Yaml;

use super::{Spot, list};
use crate::edit::Edit;
use crate::graph::ApiKind;
use crate::refactor::Refusal;
use crate::refactor::draft::{Draft, Place};
use crate::refactor::retire::mentions;
use crate::source::Span;
use crate::template::{Template, Value};
use crate::yaml;

/// The resources that one kind of API is deployed by, and how they name it.
struct Kind {
    deployment: &'static str,
    stage: &'static str,
    api: &'static str,
}

const REST: Kind =
    Kind { deployment: "AWS::ApiGateway::Deployment", stage: "AWS::ApiGateway::Stage", api: "RestApiId" };
const SOCKET: Kind =
    Kind { deployment: "AWS::ApiGatewayV2::Deployment", stage: "AWS::ApiGatewayV2::Stage", api: "ApiId" };

/// Gives the deployments of an API that are in use other names, so that its routes are deployed as they are
/// by now, and after some resources. Says what is different then.
///
/// # Errors
/// Where a name is written in a way that cannot be edited.
pub(super) fn renew(draft: &mut Draft<'_>, spot: Spot<'_>, after: &[&str]) -> Result<Vec<String>, Refusal> {
    let template = spot.template();
    let kind = if spot.route.api_kind == ApiKind::WebSocket { SOCKET } else { REST };
    if is_automatic(template, spot.api, &kind) {
        return Ok(Vec::new());
    }
    let used = in_use(draft, template, spot.api, &kind);
    if used.is_empty() {
        return Ok(vec!["the API has to be deployed anew".to_owned()]);
    }
    let mut differs = Vec::new();
    for old in used {
        // One that the template did not have was renewed for a route that was moved before.
        let mut new = old.clone();
        if template.resource(&old).is_some() && !is_new(draft, template, &old) {
            new = renamed(draft, template, &old)?;
            differs.push(format!(
                "`{old}` becomes `{new}`, so that the API is deployed anew, with all that was changed since it last was"
            ));
        }
        for id in after {
            depends(draft, &resources(template).key(&new), id)?;
        }
    }
    Ok(differs)
}

/// Whether every stage of an API deploys what changes.
fn is_automatic(template: &Template, api: &str, kind: &Kind) -> bool {
    let is_of = |value: &Value| value.mentions().iter().any(|mention| mention.name.text == api);
    let stages = template.resources.iter().filter(|one| one.is(kind.stage));
    let mut stages = stages.filter(|one| one.property(kind.api).is_some_and(is_of)).peekable();
    stages.peek().is_some()
        && stages.all(|one| one.property("AutoDeploy").and_then(Value::as_bool) == Some(true))
}

fn resources(template: &Template) -> Place {
    Place::new(template.source, &["Resources"])
}

/// Logical ids of the deployments of an API that a stage serves. What describes its stage can only make one
/// that is not there yet.
fn in_use(draft: &Draft<'_>, template: &Template, api: &str, kind: &Kind) -> Vec<String> {
    let Some(all) = draft.value(&resources(template)) else { return Vec::new() };
    let all = all.as_map();
    let speaks = |value: Option<&Value>, id: &str| {
        value.is_some_and(|value| value.mentions().iter().any(|mention| mention.name.text == id))
    };
    let is = |resource: &Value, name: &str| resource.get("Type").and_then(Value::as_str) == Some(name);
    let each = || all.into_iter().flat_map(|all| all.iter());
    let is_served = |id: &str| {
        each().any(|(_, one)| is(one, kind.stage) && speaks(one.at(&["Properties", "DeploymentId"]), id))
    };
    each()
        .filter(|(_, one)| is(one, kind.deployment) && speaks(one.at(&["Properties", kind.api]), api))
        .filter(|(_, one)| one.at(&["Properties", "StageDescription"]).is_none())
        .filter(|(id, one)| one.at(&["Properties", "StageName"]).is_some() || is_served(&id.text))
        .map(|(id, _)| id.text.clone())
        .collect()
}

/// Whether the template did not have the resource before the first of several refactorings.
fn is_new(draft: &Draft<'_>, template: &Template, id: &str) -> bool {
    let Some(text) = draft.sources().unchanged(&template.path) else { return false };
    let (document, _) = yaml::parse(template.source, &template.path, &text);
    let resources = document.root().and_then(|root| root.get("Resources"));
    resources.is_some_and(|resources| resources.get(id).is_none())
}

/// Gives a resource the next name; all that speaks of it speaks of the new one.
fn renamed(draft: &mut Draft<'_>, template: &Template, old: &str) -> Result<String, Refusal> {
    let resources = resources(template);
    let span = template.resource(old).map_or_else(|| Span::new(template.source, 0, 0), |one| one.id.span);
    let refuse = |text: &str| Refusal::new(span, format!("`{old}` {text}"));
    let new = next_names(old).find(|name| !draft.has(&resources.key(name)));
    let new = new.ok_or_else(|| refuse("has no name that follows"))?;
    let key = draft.at(&resources, |_, node| node.get_entry(old).map(|(key, _)| key.full_span())).flatten();
    let spoken = mentions::written(draft, template, old).into_iter().map(|(_, span)| span);
    let mut edits = Vec::new();
    for span in key.into_iter().chain(spoken) {
        let written = draft.text(span.source).get(span.range()).unwrap_or_default();
        let at = written.find(old).filter(|_| span.source == template.source);
        let at = at.ok_or_else(|| refuse("is written in a way that cannot be edited"))?;
        let start = span.start as usize + at;
        edits.push(Edit { span: Span::new(span.source, start, start + old.len()), text: new.clone() });
    }
    edits.sort_by_key(|edit| edit.span);
    edits.dedup_by_key(|edit| edit.span);
    draft.edit(&resources, |_, _| Ok(edits))?;
    Ok(new)
}

/// `Deployment2` after `Deployment`, `Deployment8` after `Deployment7`.
fn next_names(old: &str) -> impl Iterator<Item = String> {
    const TRIES: u64 = 100;
    let stem = old.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let digits = &old[stem.len()..];
    // Digits that are no number to count from stay.
    let (stem, number) = match digits.parse::<u64>() {
        Ok(number) if !digits.starts_with('0') && number < u64::MAX - TRIES => (stem, number),
        _ if digits.is_empty() => (old, 1),
        _ => (old, 0),
    };
    let stem = stem.to_owned();
    (1..TRIES).map(move |more| format!("{stem}{}", number + more))
}

/// Lets a deployment wait for a resource.
fn depends(draft: &mut Draft<'_>, deployment: &Place, id: &str) -> Result<(), Refusal> {
    let place = deployment.key("DependsOn");
    let one = |name: &str| Yaml::from(name);
    match draft.value(&place) {
        None => draft.insert(deployment, "DependsOn", &list([one(id)]), Some("Type")),
        Some(known) if known.as_str() == Some(id) => Ok(()),
        Some(known) => match (known.as_str(), known.as_list()) {
            (Some(other), _) => {
                let both = list([one(other), one(id)]);
                draft.replace(deployment, "DependsOn", &both)
            }
            (_, Some(names)) if names.iter().any(|name| name.as_str() == Some(id)) => Ok(()),
            _ => draft.append(&place, &one(id)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_count_on() {
        let next = |old: &str| next_names(old).next().unwrap_or_default();
        assert_eq!(next("Deployment"), "Deployment2");
        assert_eq!(next("Deployment7"), "Deployment8");
        assert_eq!(next("Deployment20240131"), "Deployment20240132");
        assert_eq!(next("DeploymentV007"), "DeploymentV0071");
        assert_eq!(next("D99999999999999999999999"), "D999999999999999999999991");
    }
}
