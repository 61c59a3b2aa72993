//! Physical names that are the same in every environment.

use super::names::{environment_parameter, fixed_name};
use crate::rule::prelude::*;

rule! {
    /// ## What it does
    /// Finds resources with a physical name that has no part of an environment or a stack in it.
    ///
    /// ## Why it matters
    /// A name is taken once per account and Region. A second environment in the same account, or a
    /// second stack for a branch, fails to deploy, or must change the template.
    ///
    /// ## Example
    /// ```yaml
    /// TableName: orders
    /// ```
    ///
    /// ## Use instead
    /// No name, so that CloudFormation makes one from the stack's name, or
    /// ```yaml
    /// TableName: !Sub orders-${Environment}
    /// ```
    ///
    /// ## When to keep it
    /// When something outside the stack knows the name and there is one environment in the account.
    /// Renaming a resource replaces it, with its data.
    pub HARD_CODED_NAME = {
        id: "hard-coded-name",
        category: Deployment,
        severity: Warning,
        summary: "name is the same in every environment",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for (id, resource) in app.resources() {
        let template = app.template(id);
        let Some((name, naming)) = fixed_name(template, resource) else { continue };
        let part = environment_parameter(template).map_or_else(
            || "${AWS::StackName}".to_owned(),
            |parameter| format!("${{{}}}", parameter.name.text),
        );
        let suffix = if naming.data { "; a new name replaces the resource and its data" } else { "" };
        let text = name.text();
        found.push(
            Finding::at(
                name.span,
                format!("`{text}` is the name of {} in every environment", resource.id.text),
            )
            .help(format!("leave {} out, or write `!Sub {text}-{part}`{suffix}", naming.property))
            .resource(&template.path, &resource.id.text),
        );
    }
}
