//! Deployments that leave the environment to the default.

use super::deployed::{environment_of, is_inside, once, template_of};
use crate::aws::environment_names::kind;
use crate::rule::prelude::*;
use crate::template::environments::Deployment;

rule! {
    /// ## What it does
    /// Finds deployments to one environment, by the name of the stack or by the environment of the job,
    /// that do not pass it on: the template's environment parameter keeps a default which names another.
    ///
    /// ## Why it matters
    /// The stack is called production and is made for development: small functions, development's
    /// names, no alarms.
    ///
    /// ## Example
    /// ```yaml
    /// - run: sam deploy --stack-name shop-prod
    /// ```
    /// for a template with `Environment: {Default: dev}`.
    ///
    /// ## Use instead
    /// ```yaml
    /// - run: sam deploy --config-env prod
    /// ```
    /// or `--parameter-overrides Environment=prod`.
    ///
    /// ## When to keep it
    /// When the default is meant for that environment. A default that names the environment, a
    /// deployment that names it in another parameter, and one that gives the parameter in a way only the
    /// run knows are not reported.
    pub MISSING_OVERRIDES = {
        id: "missing-overrides",
        category: Deployment,
        severity: Warning,
        summary: "deployment does not say which environment it is for",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let inside = app.deployments.all.iter().filter(|one| is_inside(app, one.span));
    found.extend(once(inside.filter_map(|deployment| unsaid(app, deployment))));
}

fn unsaid(app: &App<'_>, deployment: &Deployment) -> Option<Finding> {
    let template = template_of(app, deployment).filter(|template| template.is_whole())?;
    let parameter = template.naming_parameter()?;
    let overrides = &deployment.settings.overrides;
    if overrides.is_open || overrides.get(&parameter.name.text).is_some() {
        return None;
    }
    let unknown = overrides.entries.iter().any(|(name, _)| template.parameter(&name.text).is_none());
    if unknown || !is_configured(app, deployment) {
        // Another rule says that the name is wrong.
        return None;
    }
    if overrides.entries.iter().any(|(_, said)| kind(&said.text).is_some()) {
        // Another parameter says it: `Mode=prod`.
        return None;
    }
    let default = parameter.known_default()?.scalar()?.into_owned();
    let name = environment_of(app, deployment)?;
    let (meant, given) = (kind(&name)?, kind(&default)?);
    if meant == given {
        return None;
    }
    let told = [&deployment.config_env, &deployment.settings.stack_name];
    let span = told
        .into_iter()
        .flatten()
        .find(|said| said.text.contains(&name))
        .map_or(deployment.span, |said| said.span);
    let message = format!("`{name}` is deployed with {} `{default}`", parameter.name.text);
    Some(
        Finding::at(deployment.span, message)
            .because(span, format!("what names `{name}`"))
            .because(parameter.span, format!("`{default}` is the default"))
            .help(format!("pass it: `--parameter-overrides {}={name}`", parameter.name.text)),
    )
}

/// Whether the configuration has the environment that is named, if one is.
fn is_configured(app: &App<'_>, deployment: &Deployment) -> bool {
    let Some(name) = &deployment.config_env else { return true };
    let config = app.deployments.configs.iter().find(|config| Some(config.source) == deployment.config);
    config.is_some_and(|config| config.section(&name.text).is_some())
}
