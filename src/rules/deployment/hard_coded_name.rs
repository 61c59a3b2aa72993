//! Physical names that are the same in every environment.

use super::missing_environment;
use super::names::{are_apart, environment_parameter, fixed_name, has_environments, is_of_account, parents};
use crate::aws::environment_names::names_environments;
use crate::rule::prelude::*;
use crate::template::{Resource, Template};

rule! {
    /// ## What it does
    /// Finds resources with a physical name that has no part of an environment or a stack in it; one
    /// finding per template. Names of what keeps no data (functions, roles, log groups) count where there
    /// is a sign of a second environment: a parameter, other names made from the stack's, or files that
    /// deploy several. Templates that `missing-environment` reports are left to it.
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
    let templates = app.templates().map(|(_, template)| template);
    found.extend(templates.filter_map(|template| in_template(app, template)));
}

/// One finding per template, at its first name: what names there are has one cause.
fn in_template(app: &App<'_>, template: &Template) -> Option<Finding> {
    // There the template as a whole is reported, or one name does for all environments.
    if missing_environment::first(app, template).is_some() || are_apart(template) || is_of_account(template) {
        return None;
    }
    let has_environments = has_environments(template) || parents(app, template).any(has_environments);
    let mut named = template.resources.iter().filter_map(|resource| {
        let (name, naming) = fixed_name(template, resource)?;
        let counts = naming.data || has_environments;
        (counts && !is_in_one_environment(template, resource)).then_some((resource, name, naming))
    });
    let (resource, name, naming) = named.next()?;
    let rest: Vec<_> = named.collect();
    let part = part_of_environment(template);
    let suffix = if naming.data { "; a new name replaces the resource and its data" } else { "" };
    let text = name.text();
    let others = match rest.len() {
        0 => String::new(),
        1 => "; one more resource is named so".to_owned(),
        count => format!("; {count} more resources are named so"),
    };
    let mut finding = Finding::at(
        name.span,
        format!("`{text}` is the name of `{}` in every environment{others}", resource.id.text),
    )
    .help(format!("leave {} out, or write `!Sub {text}-{part}`{suffix}", naming.property))
    .resource(&template.path, &resource.id.text);
    for (resource, name, _) in rest.iter().take(EVIDENCE) {
        finding = finding.because(name.span, format!("and of {}", resource.id.text));
    }
    Some(finding)
}

/// What a name can be made different with: the environment's name, or the stack's.
fn part_of_environment(template: &Template) -> String {
    let parameter =
        environment_parameter(template).filter(|parameter| names_environments(&parameter.name.text));
    parameter
        .map_or_else(|| "${AWS::StackName}".to_owned(), |parameter| format!("${{{}}}", parameter.name.text))
}

/// More names than these say nothing new.
const EVIDENCE: usize = 3;

/// Whether a resource is there in one environment only, by its condition.
fn is_in_one_environment(template: &Template, resource: &Resource) -> bool {
    let (Some(condition), Some(parameter)) = (&resource.condition, environment_parameter(template)) else {
        return false;
    };
    let worlds = template.worlds([], [condition]).worlds;
    let asks = worlds.iter().any(|world| world.parameters.contains_key(&parameter.name.text));
    let there = worlds.iter().filter(|world| world.holds(&condition.text) == Some(true)).count();
    asks && there <= 1 && worlds.len() > 1
}
