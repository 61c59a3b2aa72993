//! Production that is left broken when a deployment fails.

use super::deployed::{environment_of, is_inside, once};
use crate::aws::environment_names::is_production;
use crate::rule::prelude::*;
use crate::template::environments::Deployment;

rule! {
    /// ## What it does
    /// Finds deployments of production with `disable_rollback`.
    ///
    /// ## Why it matters
    /// When an update fails, half of it stays: the stack is neither the old one nor the new one until
    /// somebody mends it.
    ///
    /// ## Example
    /// ```toml
    /// [prod.deploy.parameters]
    /// disable_rollback = true
    /// ```
    ///
    /// ## Use instead
    /// `disable_rollback = false`, at least there.
    ///
    /// ## When to keep it
    /// While a first deployment is tried out.
    pub PRODUCTION_WITHOUT_ROLLBACK = {
        id: "production-without-rollback",
        category: Deployment,
        severity: Warning,
        profile: Pedantic,
        summary: "production is not rolled back when a deployment fails",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let all = app.deployments.all.iter();
    let findings = all.filter_map(|deployment| kept(app, deployment));
    found.extend(once(findings.filter(|finding| is_inside(app, finding.span))));
}

fn kept(app: &App<'_>, deployment: &Deployment) -> Option<Finding> {
    let setting = deployment.settings.keeps_failures.as_ref().filter(|said| said.text == "true")?;
    let name = environment_of(app, deployment).filter(|name| is_production(name))?;
    Some(
        Finding::at(setting.span, format!("a failed deployment leaves `{name}` as it is"))
            .because(deployment.span, "what deploys it"),
    )
}
