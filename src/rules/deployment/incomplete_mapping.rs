//! Mappings that lack a value their parameter allows.

use crate::rule::prelude::*;
use crate::template::{Intrinsic, Parameter, Template, Value};

rule! {
    /// ## What it does
    /// Finds `Fn::FindInMap` by a parameter where the mapping has no key for one of the values that
    /// the parameter allows, or for its default.
    ///
    /// ## Why it matters
    /// The deployment to exactly that environment fails.
    ///
    /// ## Example
    /// ```yaml
    /// Parameters:
    ///   Stage:
    ///     Type: String
    ///     AllowedValues: [dev, staging, prod]
    /// Mappings:
    ///   Memory:
    ///     dev: {Size: 128}
    ///     prod: {Size: 1024}
    /// ```
    ///
    /// ## Use instead
    /// A key for every allowed value, or a `DefaultValue` (with `AWS::LanguageExtensions`).
    ///
    /// ## When to keep it
    /// Never: forbid the value if it is not meant to be deployed.
    pub INCOMPLETE_MAPPING = {
        id: "incomplete-mapping",
        category: Deployment,
        severity: Error,
        summary: "mapping lacks a value that its parameter allows",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for (_, template) in app.templates() {
        for resource in &template.resources {
            for (_, value) in resource.properties.iter() {
                value.walk(&mut |value| {
                    let finding = gap(template, value);
                    found.extend(finding.map(|finding| finding.resource(&template.path, &resource.id.text)));
                });
            }
        }
        for output in template.outputs.iter().filter_map(|output| output.value.as_ref()) {
            output.walk(&mut |value| found.extend(gap(template, value)));
        }
    }
    // Globals are merged into many resources: one place is one finding.
    found.findings.sort_by_key(|finding| finding.span);
    found.findings.dedup_by_key(|finding| finding.span);
}

fn gap(template: &Template, value: &Value) -> Option<Finding> {
    let Intrinsic::FindInMap { map, first, second, default: None } = value.as_intrinsic()? else {
        return None;
    };
    let (name, mapping) = template.mappings.entry(map.as_str()?)?;
    let mapping = mapping.as_map()?;
    let (parameter, missing) = if let Some(parameter) = parameter(template, first) {
        (parameter, possible(parameter).into_iter().find(|value| mapping.get(value).is_none())?)
    } else {
        let parameter = parameter(template, second)?;
        let keys = mapping.get(first.as_str()?)?.as_map()?;
        (parameter, possible(parameter).into_iter().find(|value| keys.get(value).is_none())?)
    };
    Some(
        Finding::at(value.span, format!("mapping {} has no `{missing}`", name.text))
            .because(name.span, "the mapping")
            .because(parameter.name.span, format!("{} may be `{missing}`", parameter.name.text))
            .help(format!("add a key `{missing}` to {}", name.text)),
    )
}

fn parameter<'t>(template: &'t Template, value: &Value) -> Option<&'t Parameter> {
    match value.as_intrinsic()? {
        Intrinsic::Ref(name) => template.parameter(&name.text),
        _ => None,
    }
}

/// The values a parameter can have, where it lists them; else its default, which it will have unless
/// told otherwise.
fn possible(parameter: &Parameter) -> Vec<String> {
    let values = match parameter.allowed_values.is_empty() {
        false => parameter.allowed_values.iter().collect(),
        true => parameter.known_default().into_iter().collect::<Vec<_>>(),
    };
    values.into_iter().filter_map(|value| Some(value.scalar()?.into_owned())).collect()
}
