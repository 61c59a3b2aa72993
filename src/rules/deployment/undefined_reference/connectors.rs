//! The two ends of connectors.

use super::about;
use super::names::{Meaning, Names};
use crate::aws::connectors::{Kind, Side, plain, profile};
use crate::aws::platform;
use crate::finding::Finding;
use crate::rule::Found;
use crate::source::Span;
use crate::template::{Resource, Value};

const CONNECTOR: &str = "AWS::Serverless::Connector";

/// What an end elsewhere must tell of itself.
const ARN: &str = "Arn";

/// `complete`: a name that is not in the template is nowhere.
pub(super) fn check(names: &Names<'_>, complete: bool, found: &mut Found) {
    for resource in &names.template.resources {
        let mut findings = Vec::new();
        if resource.is(CONNECTOR) {
            let source = resource.property("Source").map(|value| end(names, value));
            if let (Some(source), Some(destination)) = (source, resource.property("Destination")) {
                connect(names, &source, destination, complete, &mut findings);
            }
        }
        for (_, connector) in resource.connectors.iter().filter_map(Value::as_map).flat_map(|map| map.iter())
        {
            let destination = connector.at(&["Properties", "Destination"]);
            let Some(destination) = destination else { continue };
            let source = End {
                span: resource.id.span,
                id: None,
                kind: Some(&resource.kind.text),
                resource: Some(resource),
                value: None,
            };
            connect(names, &source, destination, complete, &mut findings);
        }
        found.extend(findings.into_iter().map(|finding| about(finding, names.template, resource)));
    }
}

/// One end: a resource by its `Id`, or what is told of one elsewhere.
struct End<'a> {
    span: Span,
    id: Option<(&'a str, Span)>,
    kind: Option<&'a str>,
    resource: Option<&'a Resource>,
    /// As written, where it tells of something elsewhere.
    value: Option<&'a Value>,
}

fn end<'a>(names: &Names<'a>, value: &'a Value) -> End<'a> {
    let id = value.get("Id").and_then(|id| Some((id.as_str()?, id.span)));
    let resource = id.and_then(|(id, _)| names.template.resource(id));
    let kind = match resource {
        Some(resource) => Some(resource.kind.text.as_str()),
        None => value.get("Type").and_then(Value::as_str).filter(|_| value.get("Id").is_none()),
    };
    End { span: value.span, id, kind, resource, value: value.get("Id").is_none().then_some(value) }
}

fn connect(
    names: &Names<'_>,
    source: &End<'_>,
    destinations: &Value,
    complete: bool,
    found: &mut Vec<Finding>,
) {
    let before = found.len();
    found.extend(missing(names, source, complete));
    let destinations = destinations.as_list().unwrap_or(std::slice::from_ref(destinations));
    for destination in destinations.iter().filter(|value| value.as_map().is_some()) {
        let destination = end(names, destination);
        found.extend(missing(names, &destination, complete));
        if found.len() == before {
            found.extend(unreachable(source, &destination));
        }
    }
}

fn missing(names: &Names<'_>, end: &End<'_>, complete: bool) -> Option<Finding> {
    let (id, span) = end.id.filter(|_| complete)?;
    if !matches!(names.resource(id), Meaning::Unknown) {
        return None;
    }
    let finding = Finding::at(span, format!("the connector names `{id}`, and no resource is called so"));
    Some(match names.near(id) {
        Some(near) => finding.help(format!("`{near}` is there: is it meant?")),
        None => finding.help("name a resource of this template"),
    })
}

/// An end that lacks what the connector has to write, or to write to: its role, its ARN, its URL.
fn unreachable(source: &End<'_>, destination: &End<'_>) -> Option<Finding> {
    let profile = profile(source.kind?, destination.kind?)?;
    let spoken_of = [("Source", source), ("Destination", destination)].into_iter().find_map(|(side, end)| {
        let place = format!("{{{side}.{ARN}}}");
        let mut resources = profile.read.iter().chain(&profile.write).flat_map(|grant| &grant.resources);
        resources.any(|resource| resource.contains(&place)).then(|| lacking(end, ARN))?
    });
    if spoken_of.is_some() {
        return spoken_of;
    }
    let end = match profile.side {
        Side::Source => source,
        Side::Destination => destination,
    };
    let needed = match profile.grant {
        Kind::Role => "RoleName",
        Kind::Invoke | Kind::TopicPolicy => ARN,
        Kind::QueuePolicy => "QueueUrl",
    };
    match end.resource {
        Some(resource) if profile.grant == Kind::Role => without_role(end, resource),
        _ => lacking(end, needed),
    }
}

/// An end elsewhere that does not tell this of itself.
fn lacking(end: &End<'_>, property: &str) -> Option<Finding> {
    end.value.filter(|value| value.get(property).is_none())?;
    let message = format!("the connector needs `{property}` of what is not in this template");
    Some(
        Finding::at(end.span, message)
            .help(format!("add `{property}`, or name a resource of this template by `Id`")),
    )
}

fn without_role(end: &End<'_>, resource: &Resource) -> Option<Finding> {
    let holder = platform::holder(&resource.kind.text)?;
    let role = resource.property(&holder.property).filter(|role| !role.is_null());
    let why = match role {
        None if holder.generated => return None,
        None => "it has none",
        Some(role) if role.as_str().is_some() => "it is given as a text",
        Some(_) => return None,
    };
    let message = format!("the connector needs the role of `{}`, and {why}", resource.id.text);
    let finding = Finding::at(end.id.map_or(end.span, |(_, span)| span), message);
    Some(
        finding
            .because(resource.id.span, format!("a resource of type {}", plain(&resource.kind.text)))
            .help("give it a role of this template with `Fn::GetAtt`"),
    )
}
