//! What tells the requests of the members apart: the table of the router.

use super::Merge;
use crate::graph::merging::Candidate;
use crate::graph::{ApiKind, Route};
use crate::refactor::Refusal;
use crate::refactor::draft::Draft;
use crate::template::Value;

/// The routes by the key that a request has, with the member that serves each.
#[derive(Debug)]
pub struct Routes {
    pub entries: Vec<(String, usize)>,
    pub by: By,
}

/// Where a request has its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// `httpMethod` and `resource`; with `any`, some routes take every method.
    Resource { any: bool },
    /// `routeKey`, which names a route that takes every method as `ANY`.
    RouteKey,
}

/// # Errors
/// Routes of which it is not known what a request on them looks like, or that two members serve.
pub fn table(merge: &Merge<'_>) -> Result<Routes, Vec<Refusal>> {
    let draft = Draft::new(merge.app.sources);
    let mut entries: Vec<(String, usize)> = Vec::new();
    let mut by: Option<By> = None;
    for (index, member) in merge.members.iter().enumerate() {
        for route in &member.routes {
            let key = format!("{} {}", route.method, route.path);
            let here = shape(&draft, member, route).map_err(|text| Refusal::new(route.span, text))?;
            if by.is_some_and(|by| by != here) {
                return Err(
                    Refusal::new(route.span, "its payload has another version than the others'").into()
                );
            }
            by = Some(here);
            match entries.iter().find(|(known, _)| *known == key) {
                Some((_, other)) if *other != index => {
                    return Err(Refusal::new(route.span, format!("two of them serve `{key}`")).into());
                }
                Some(_) => {}
                None => entries.push((key, index)),
            }
        }
    }
    let any = entries.iter().any(|(key, _)| key.starts_with("ANY "));
    let by = match by {
        Some(By::RouteKey) => By::RouteKey,
        _ => By::Resource { any },
    };
    Ok(Routes { entries, by })
}

fn shape(draft: &Draft<'_>, member: &Candidate<'_>, route: &Route) -> Result<By, String> {
    if route.path.len() > 1 && route.path.ends_with('/') {
        return Err(format!("which resource `{}` becomes is not known", route.path));
    }
    let version = match &route.event {
        Some(event) => {
            let events = member.function.property("Events");
            let event = events.and_then(|events| events.get(&event.text)?.get("Properties"));
            version_in(event.and_then(|event| event.get("PayloadFormatVersion")))?
        }
        None => {
            let operation = draft.first_place_of(route.span).and_then(|place| draft.value(&place));
            let integration = operation.as_ref().and_then(|one| one.get("x-amazon-apigateway-integration"));
            let kind = integration.and_then(|one| one.get("type")?.as_str());
            if !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("aws_proxy")) {
                return Err("what its integration hands to the function is not known".to_owned());
            }
            let version = integration.and_then(|one| one.get("payloadFormatVersion"));
            if version.is_none() && route.api_kind == ApiKind::Http {
                return Err("the version of its payload is not known".to_owned());
            }
            version_in(version)?
        }
    };
    match (route.api_kind, version) {
        (ApiKind::Rest, _) | (ApiKind::Http, Version::One) => Ok(By::Resource { any: false }),
        (ApiKind::Http, Version::Two) => Ok(By::RouteKey),
        (ApiKind::WebSocket, _) => Err("a WebSocket API has no routes of this kind".to_owned()),
    }
}

enum Version {
    One,
    Two,
}

fn version_in(value: Option<&Value>) -> Result<Version, String> {
    match value.map(Value::scalar) {
        None => Ok(Version::Two),
        Some(Some(text)) if text == "1.0" => Ok(Version::One),
        Some(Some(text)) if text == "2.0" => Ok(Version::Two),
        _ => Err("the version of its payload is not known".to_owned()),
    }
}
