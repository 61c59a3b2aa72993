//! Settings that one environment has and another forgot.

use super::deployed::is_inside;
use crate::rule::prelude::*;
use crate::template::environments::{DEFAULT, Said, SamConfig, Section};
use crate::template::{Parameter, Template};

rule! {
    /// ## What it does
    /// Finds environments of a `samconfig` that lack what the others have and need: a parameter without
    /// default, a parameter that all of at least two others set, or capabilities. One finding per
    /// environment.
    ///
    /// ## Why it matters
    /// The deployment to that environment fails, or goes on with a default that nobody chose; mostly
    /// it is production, which is deployed least.
    ///
    /// ## Example
    /// ```toml
    /// [dev.deploy.parameters]
    /// parameter_overrides = "Environment=dev Domain=dev.example.com"
    /// [prod.deploy.parameters]
    /// parameter_overrides = "Environment=prod"
    /// ```
    ///
    /// ## Use instead
    /// The same keys in every environment, or what is common once in `[<env>.global.parameters]`.
    ///
    /// ## When to keep it
    /// When the default is meant for the environment that does not set it.
    pub DRIFTING_ENVIRONMENTS = {
        id: "drifting-environments",
        category: Deployment,
        severity: Warning,
        summary: "environment lacks what the others set",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for config in app.deployments.configs.iter() {
        let drifting = config.sections.iter().filter_map(|section| in_section(app, config, section));
        found.extend(drifting.filter(|finding| is_inside(app, finding.span)));
    }
}

fn in_section(app: &App<'_>, config: &SamConfig, section: &Section) -> Option<Finding> {
    if !is_compared(section) {
        return None;
    }
    let template = app.templates().map(|(_, one)| one).find(|one| Some(one.source) == section.template)?;
    let others: Vec<&Section> = config
        .sections
        .iter()
        .filter(|other| {
            is_compared(other) && other.name != section.name && other.template == section.template
        })
        .collect();
    let mut lacking: Vec<(String, &Said)> = Vec::new();
    let overrides = &section.settings.overrides;
    for parameter in template.parameters.iter().filter(|_| !overrides.is_open) {
        let name = &parameter.name.text;
        if overrides.get(name).is_none() && !overrides.is_empty() {
            let set = others.iter().filter_map(|other| other.settings.overrides.get(name));
            lacking.extend(
                needed(parameter, &set.collect::<Vec<_>>(), others.len()).map(|said| (name.clone(), said)),
            );
        }
    }
    if section.settings.capabilities.is_none() && needs_capabilities(template) {
        let set = others.iter().filter_map(|other| other.settings.capabilities.as_ref());
        lacking.extend(set.take(1).map(|said| ("capabilities".to_owned(), said)));
    }
    let (_, first) = lacking.first()?;
    let names: Vec<&str> = lacking.iter().map(|(name, _)| name.as_str()).collect();
    let message = format!("`{}` does not set {}", section.name.text, names.join(", "));
    let mut finding = Finding::at(section.name.span, message)
        .because(first.span, "another environment sets it")
        .help("set it here too");
    if let Some(parameter) = template.parameter(names[0]) {
        let fate = if parameter.default.is_some() { "the default counts" } else { "it has no default" };
        finding = finding.because(parameter.name.span, fate);
    }
    finding.template = Some(template.path.clone());
    Some(finding)
}

/// Environments with names: what the default has is often for a first try.
fn is_compared(section: &Section) -> bool {
    section.deploys && section.name.text != DEFAULT
}

/// A place that sets the parameter, where the environment needs it: it has no default, or everybody
/// else sets it and they are several.
fn needed<'s>(parameter: &Parameter, set: &[&'s Said], others: usize) -> Option<&'s Said> {
    let first = *set.first()?;
    let everybody = set.len() == others && others >= 2;
    (parameter.default.is_none() || everybody).then_some(first)
}

/// Whether CloudFormation asks for leave: there are roles, named or made for functions.
fn needs_capabilities(template: &Template) -> bool {
    template.resources.iter().any(|resource| {
        resource.is("AWS::IAM::Role")
            || resource.is("AWS::Serverless::Function") && resource.property("Role").is_none()
    })
}
