//! Tables, buckets, queues and functions handed to other stacks.

use crate::graph::TemplateId;
use crate::rule::prelude::*;
use crate::source::Span;
use crate::template::{Intrinsic, Output, Resource, Template, Value};

rule! {
    /// ## What it does
    /// Finds tables, buckets, queues and functions that a stack exports, or writes into a Systems
    /// Manager parameter, so that other stacks use them directly.
    ///
    /// ## Why it matters
    /// What others read and write directly cannot be changed alone any more. A service is reached by
    /// its API or its events.
    ///
    /// ## Example
    /// ```yaml
    /// Outputs:
    ///   CartsTable:
    ///     Value: !Ref CartsTable
    ///     Export:
    ///       Name: carts-table
    /// ```
    ///
    /// ## Use instead
    /// The address of the service's API, or of the topic or bus it publishes to.
    ///
    /// ## When to keep it
    /// When the stacks are parts of one service that only deploy apart.
    pub EXPORTED_DATA_STORE = {
        id: "exported-data-store",
        category: Structure,
        severity: Warning,
        summary: "data store is handed to other stacks",
        check,
    }
}

/// What holds a service's data or is its inside.
const INTERNAL: [(&str, &str); 10] = [
    ("AWS::DynamoDB::Table", "table"),
    ("AWS::DynamoDB::GlobalTable", "table"),
    ("AWS::Serverless::SimpleTable", "table"),
    ("AWS::S3::Bucket", "bucket"),
    ("AWS::SQS::Queue", "queue"),
    ("AWS::RDS::DBCluster", "database"),
    ("AWS::RDS::DBInstance", "database"),
    ("AWS::Serverless::Function", "function"),
    ("AWS::Lambda::Function", "function"),
    ("AWS::ElastiCache::ReplicationGroup", "cache"),
];

fn check(app: &App<'_>, found: &mut Found) {
    for (id, template) in app.templates() {
        for output in &template.outputs {
            found.extend(exported(app, id, template, output));
        }
        for parameter in template.resources.iter().filter(|resource| resource.is("AWS::SSM::Parameter")) {
            found.extend(published(template, parameter));
        }
    }
}

fn exported(app: &App<'_>, id: TemplateId, template: &Template, output: &Output) -> Option<Finding> {
    let export = output.export.as_ref()?;
    let value = output.value.as_ref()?;
    let (resource, what) = internal(template, value)?;
    let name = export.text();
    let finding =
        Finding::at(output.name.span, format!("{what} `{}` is exported to other stacks", resource.id.text))
            .because(value.span, format!("the {what}"))
            .because(export.span, format!("under the name {name}"))
            .help("export the address of an API, a topic or a bus instead")
            .resource(&template.path, &resource.id.text);
    Some(match importer(app, id, &name) {
        Some((path, span)) => finding.because(span, format!("imported in {path}")),
        None => finding,
    })
}

fn published(template: &Template, parameter: &Resource) -> Option<Finding> {
    let value = parameter.property("Value")?;
    let (resource, what) = internal(template, value)?;
    Some(
        Finding::at(parameter.id.span, format!("{what} `{}` is published as a parameter", resource.id.text))
            .because(value.span, format!("the {what}"))
            .help("publish the address of an API, a topic or a bus instead")
            .resource(&template.path, &resource.id.text),
    )
}

/// The one resource that a value stands for, if it is internal to a service.
fn internal<'t>(template: &'t Template, value: &Value) -> Option<(&'t Resource, &'static str)> {
    let id = match value.as_intrinsic()? {
        Intrinsic::Ref(name) => &name.text,
        Intrinsic::GetAtt { resource, .. } => &resource.text,
        _ => return None,
    };
    let resource = template.resource(id)?;
    let (_, what) = INTERNAL.iter().find(|(kind, _)| resource.is(kind))?;
    Some((resource, what))
}

/// The first place in another template that imports a name.
fn importer(app: &App<'_>, exporter: TemplateId, name: &str) -> Option<(String, Span)> {
    for (_, template) in app.templates().filter(|(id, _)| *id != exporter) {
        for resource in &template.resources {
            let mut at = None;
            for (_, value) in resource.properties.iter() {
                value.walk(&mut |value| {
                    if let Some(Intrinsic::ImportValue(imported)) = value.as_intrinsic()
                        && imported.text() == name
                    {
                        at.get_or_insert(value.span);
                    }
                });
            }
            if let Some(span) = at {
                return Some((template.path.clone(), span));
            }
        }
    }
    None
}
