//! Environments that a command names and its configuration does not have.

use super::deployed::{is_inside, once};
use crate::rule::prelude::*;
use crate::template::environments::{Deployment, Tool};

rule! {
    /// ## What it does
    /// Finds `sam deploy --config-env NAME` where the `samconfig` it reads has no such environment.
    ///
    /// ## Why it matters
    /// The settings that were meant do not count: the command fails, or deploys with defaults.
    ///
    /// ## Example
    /// ```yaml
    /// - run: sam deploy --config-env production
    /// ```
    /// with only `[dev.deploy.parameters]` and `[prod.deploy.parameters]` in `samconfig.toml`.
    ///
    /// ## Use instead
    /// `--config-env prod`.
    ///
    /// ## When to keep it
    /// Never. A name that is only known to the run is not reported.
    pub UNKNOWN_ENVIRONMENT = {
        id: "unknown-environment",
        category: Deployment,
        severity: Error,
        summary: "command names an environment that its configuration does not have",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let inside = app.deployments.all.iter().filter(|one| is_inside(app, one.span));
    found.extend(once(inside.filter_map(|deployment| unknown(app, deployment))));
}

fn unknown(app: &App<'_>, deployment: &Deployment) -> Option<Finding> {
    let said = deployment.config_env.as_ref()?;
    let name = said.literal().filter(|_| deployment.tool == Tool::Sam)?;
    let source = deployment.config?;
    let config = app.deployments.configs.iter().find(|config| config.source == source)?;
    if config.section(name).is_some() {
        return None;
    }
    let known: Vec<&str> = config.sections.iter().map(|section| section.name.text.as_str()).collect();
    let path = app.sources.path(source);
    let mut finding = Finding::at(said.span, format!("{path} has no environment `{name}`"));
    if let Some(first) = config.sections.first() {
        finding = finding.because(first.name.span, format!("it has {}", known.join(", ")));
    }
    Some(finding)
}
