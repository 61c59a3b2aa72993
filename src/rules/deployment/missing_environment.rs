//! Templates that can be deployed once only.

use super::names::{are_apart, environment_parameter, fixed_name, is_nested, is_of_account, uses_stack_name};
use crate::rule::prelude::*;
use crate::template::{Dialect, Template};

rule! {
    /// ## What it does
    /// Finds templates with resources that keep data under a fixed name, and nothing that tells
    /// environments apart: no environment parameter, no name made from the stack's name.
    ///
    /// ## Why it matters
    /// Development and production cannot live side by side, so changes are tried on live data or
    /// the template is copied.
    ///
    /// ## Example
    /// ```yaml
    /// Resources:
    ///   Orders:
    ///     Type: AWS::DynamoDB::Table
    ///     Properties:
    ///       TableName: orders
    /// ```
    /// in a template without parameters.
    ///
    /// ## Use instead
    /// ```yaml
    /// Parameters:
    ///   Environment:
    ///     Type: String
    ///     AllowedValues: [dev, prod]
    /// ```
    /// and names such as `!Sub orders-${Environment}`, or no names at all.
    ///
    /// ## When to keep it
    /// When each environment has an account of its own and the name must be the same in all. Where
    /// samconfig, workflows or `slslint.toml` show that, nothing is reported.
    pub MISSING_ENVIRONMENT = {
        id: "missing-environment",
        category: Deployment,
        severity: Warning,
        summary: "template cannot be deployed to a second environment",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    found.extend(app.templates().filter_map(|(_, template)| first(app, template)));
}

/// The finding of a template, if there is one.
pub(super) fn first(app: &App<'_>, template: &Template) -> Option<Finding> {
    let counts = template.dialect != Dialect::Fragment && !is_nested(app, template);
    counts.then(|| single(template)).flatten()
}

fn single(template: &Template) -> Option<Finding> {
    let is_told_apart = environment_parameter(template).is_some() || uses_stack_name(template);
    if is_told_apart || are_apart(template) || is_of_account(template) {
        return None;
    }
    let fixed = |resource| fixed_name(template, resource).filter(|(_, naming)| naming.data);
    let mut named = template.resources.iter().filter_map(|resource| Some((resource, fixed(resource)?.0)));
    let (first, first_name) = named.next()?;
    let message = format!(
        "the template cannot be deployed for a second environment of an account: `{}` would be taken",
        first_name.text()
    );
    let mut finding = Finding::at(first.id.span, message)
        .because(first_name.span, "the same name in every deployment")
        .help("add an `Environment` parameter and put it into the names, or leave the names out")
        .resource(&template.path, &first.id.text);
    for (resource, name) in named.take(EVIDENCE) {
        finding = finding.because(name.span, format!("and so has `{}`", resource.id.text));
    }
    Some(finding)
}

/// More names than these say nothing new.
const EVIDENCE: usize = 3;
