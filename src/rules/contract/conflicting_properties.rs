//! Properties that exclude or need each other.

mod judge;
mod policies;
mod triggers;

use crate::aws::exclusions::{Row, of_connector_end, of_connector_source, of_event, of_resource};
use crate::aws::resource_types::{Role, role};
use crate::rule::prelude::*;
use crate::template::{Map, Name, Resource, Template, Value};
use judge::conflict;

rule! {
    /// ## What it does
    /// Finds properties of SAM resources and their events that cannot stand together, and properties
    /// that need another one which is not there: `Arn` and `Type` of a `DeadLetterConfig`,
    /// `DeploymentPreference` without `AutoPublishAlias`, `Cors` with `DefinitionUri`, a policy template
    /// without one of its parameters; and two functions for one trigger of a user pool.
    ///
    /// ## Why it matters
    /// The transform refuses the template, and nothing is deployed.
    ///
    /// ## Example
    /// ```yaml
    /// DeadLetterConfig:
    ///   Arn: !GetAtt Failed.Arn
    ///   Type: SQS
    /// ```
    ///
    /// ## Use instead
    /// One of the two, or the missing one as well.
    ///
    /// ## When to keep it
    /// Never. What depends on values that are not known is not reported.
    pub CONFLICTING_PROPERTIES = {
        id: "conflicting-properties",
        category: Contract,
        severity: Error,
        summary: "properties exclude each other, or one lacks another that it needs",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for (_, template) in app.templates() {
        for resource in &template.resources {
            let mut findings = of_properties(template, resource);
            findings.extend(of_events(template, resource));
            findings.extend(of_connectors(template, resource));
            if resource.kind.text.starts_with("AWS::Serverless::") {
                findings.extend(policies::incomplete(resource));
            }
            found.extend(findings.into_iter().map(|finding| about(finding, template, resource)));
        }
        triggers::check(template, found);
    }
    // What stands in Globals is one mistake, however many resources have it.
    let place = |finding: &Finding| (finding.span, finding.message.clone());
    found.findings.sort_by_key(place);
    found.findings.dedup_by_key(|finding| place(finding));
}

fn of_properties(template: &Template, resource: &Resource) -> Vec<Finding> {
    conflicts(template, resource.condition.as_ref(), &resource.properties, of_resource(&resource.kind.text))
}

fn of_events(template: &Template, resource: &Resource) -> Vec<Finding> {
    if !matches!(role(&resource.kind.text), Some(Role::Function | Role::StateMachine)) {
        return Vec::new();
    }
    let events = resource.property("Events").and_then(Value::as_map).into_iter().flat_map(Map::iter);
    let mut found = Vec::new();
    for (name, body) in events {
        let kind = body.get("Type").and_then(Value::as_str);
        let properties = body.get("Properties").and_then(Value::as_map);
        let (Some(kind), Some(properties)) = (kind, properties) else { continue };
        let findings = conflicts(template, resource.condition.as_ref(), properties, of_event(kind));
        found.extend(findings.into_iter().map(|finding| finding.because(name.span, "the event")));
    }
    found
}

fn of_connectors(template: &Template, resource: &Resource) -> Vec<Finding> {
    let embedded = resource.connectors.iter().filter_map(Value::as_map).flat_map(Map::iter);
    let embedded = embedded.filter_map(|(_, connector)| connector.get("Properties")?.as_map());
    let own = (resource.is("AWS::Serverless::Connector")).then_some(&resource.properties);
    let condition = resource.condition.as_ref();
    let mut found = Vec::new();
    for properties in embedded.chain(own) {
        let destinations = properties.get("Destination").into_iter();
        let destinations =
            destinations.flat_map(|value| value.as_list().unwrap_or(std::slice::from_ref(value)));
        for end in destinations.chain(properties.get("Source")).filter_map(Value::as_map) {
            found.extend(conflicts(template, condition, end, of_connector_end()));
        }
        if let Some(source) = properties.get("SourceReference").and_then(Value::as_map) {
            found.extend(conflicts(template, condition, source, of_connector_source()));
        }
    }
    found
}

fn conflicts<'r>(
    template: &Template,
    condition: Option<&Name>,
    properties: &Map,
    rows: impl IntoIterator<Item = &'r Row>,
) -> Vec<Finding> {
    rows.into_iter().filter_map(|row| conflict(template, condition, properties, row)).collect()
}

/// Says which resource a finding is about.
fn about(finding: Finding, template: &Template, resource: &Resource) -> Finding {
    match role(&resource.kind.text) {
        Some(Role::Function) => {
            let same = finding.message.clone();
            finding.function(&template.path, &resource.id.text).one_of_template(same, &resource.id.text)
        }
        _ => finding.resource(&template.path, &resource.id.text),
    }
}
