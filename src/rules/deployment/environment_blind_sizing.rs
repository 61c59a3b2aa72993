//! Sizes that are the same in production and in development.

use super::names::environment_parameter;
use crate::aws::prices;
use crate::rule::prelude::*;
use crate::template::{Resource, Template, Value};

rule! {
    /// ## What it does
    /// Finds templates with an environment parameter that give memory, concurrency, retention or log
    /// levels as constants, the same in every environment; one finding per template.
    ///
    /// ## Why it matters
    /// Development pays for production's provisioned concurrency, or production runs with what
    /// was enough to try things out.
    ///
    /// ## Example
    /// ```yaml
    /// MemorySize: 1024
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// Mappings:
    ///   Memory:
    ///     dev: {Size: 128}
    ///     prod: {Size: 1024}
    /// ```
    /// and `MemorySize: !FindInMap [Memory, !Ref Environment, Size]`.
    ///
    /// ## When to keep it
    /// When a function needs that much everywhere: a test with less memory tests something else.
    pub ENVIRONMENT_BLIND_SIZING = {
        id: "environment-blind-sizing",
        category: Deployment,
        severity: Info,
        profile: Preview,
        summary: "sizes are the same in every environment",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    found.extend(app.templates().filter_map(|(_, template)| in_template(template)));
}

fn in_template(template: &Template) -> Option<Finding> {
    let parameter = environment_parameter(template)?;
    let mut fixed: Vec<(&Resource, &str, &Value)> = Vec::new();
    for resource in &template.resources {
        for path in prices::sizes(&resource.kind.text) {
            let steps: Vec<&str> = path.iter().map(String::as_str).collect();
            let [first, inner @ ..] = steps.as_slice() else { continue };
            let value = resource.property(first).and_then(|value| value.at(inner));
            let (Some(value), Some(last)) = (value, path.last()) else { continue };
            let there_in_one = resource.condition.is_some();
            if value.is_literal()
                && !there_in_one
                && fixed.iter().all(|(_, _, known)| known.span != value.span)
            {
                fixed.push((resource, last, value));
            }
        }
    }
    let ((resource, property, value), rest) = fixed.split_first()?;
    let more = match rest.len() {
        0 => String::new(),
        1 => ", and one more size is".to_owned(),
        count => format!(", and {count} more sizes are"),
    };
    let message =
        format!("{property} of {} is {} in every environment{more}", resource.id.text, value.text());
    let mut finding = Finding::at(value.span, message)
        .because(parameter.name.span, "what tells environments apart")
        .help(format!(
            "look it up by {}: `!FindInMap [Sizes, !Ref {}, {property}]`",
            parameter.name.text, parameter.name.text
        ))
        .resource(&template.path, &resource.id.text);
    for (resource, property, value) in rest.iter().take(EVIDENCE) {
        finding = finding.because(value.span, format!("{property} of {}", resource.id.text));
    }
    Some(finding)
}

/// More places than these say nothing new.
const EVIDENCE: usize = 3;
