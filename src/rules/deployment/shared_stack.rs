//! Environments that replace each other.

use super::deployed::{is_inside, shared_account};
use crate::rule::prelude::*;
use crate::template::Template;
use crate::template::environments::{Deployment, Environment, said_name};

rule! {
    /// ## What it does
    /// Finds two environments that are deployed as one stack: the same stack name, in the same account
    /// and Region.
    ///
    /// ## Why it matters
    /// Whoever deploys last wins: a deployment to development changes production into development.
    ///
    /// ## Example
    /// ```toml
    /// [dev.deploy.parameters]
    /// stack_name = "shop"
    /// profile = "shop"
    /// [prod.deploy.parameters]
    /// stack_name = "shop"
    /// profile = "shop"
    /// ```
    ///
    /// ## Use instead
    /// `shop-dev` and `shop-prod`.
    ///
    /// ## When to keep it
    /// Never. One name for all environments is fine where each has an account of its own.
    pub SHARED_STACK = {
        id: "shared-stack",
        category: Deployment,
        severity: Error,
        summary: "two environments are deployed as one stack",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    for (_, template) in app.templates() {
        let environments: Vec<&Environment> = template.deployed_environments().collect();
        let mut pairs = environments
            .iter()
            .enumerate()
            .flat_map(|(index, one)| environments[index + 1..].iter().map(move |other| (*one, *other)));
        let finding = pairs.find_map(|(one, other)| shared(app, template, one, other));
        found.extend(finding.filter(|finding| is_inside(app, finding.span)));
    }
}

fn shared(app: &App<'_>, template: &Template, one: &Environment, other: &Environment) -> Option<Finding> {
    let of = |environment: &Environment| -> Vec<&Deployment> {
        let all = environment.deployments.iter().filter_map(|index| app.deployments.all.get(*index));
        // A word of the name that both have tells nothing apart.
        all.filter(|deployment| said_name(Some(template), deployment).is_some()).collect()
    };
    let others = of(other);
    let (own, other_deployment) = of(one).into_iter().find_map(|own| {
        let other = others.iter().find(|other| is_one_stack(own, other) && differ(template, own, other))?;
        Some((own, *other))
    })?;
    let account = shared_account(own, other_deployment)?;
    let name = other_deployment.settings.stack_name.as_ref()?;
    let message = format!("`{}` and `{}` are one stack, `{}`", one.name, other.name, name.text);
    Some(
        Finding::at(name.span, message)
            .because(own.settings.stack_name.as_ref()?.span, format!("`{}` has the same name", one.name))
            .because(account.first, format!("both use {}", account.what))
            .help(format!("name the stacks apart: `{}-{}`", name.text, other.name)),
    )
}

fn is_one_stack(one: &Deployment, other: &Deployment) -> bool {
    let name = |deployment: &Deployment| {
        deployment.settings.stack_name.as_ref().and_then(|said| said.literal().map(str::to_owned))
    };
    let region = |deployment: &Deployment| deployment.settings.region.as_ref().map(|said| said.text.clone());
    name(one).is_some() && name(one) == name(other) && region(one) == region(other)
}

/// Whether the deployments are meant to be different ones: a copy of the default is no environment.
fn differ(template: &Template, one: &Deployment, other: &Deployment) -> bool {
    let values = |deployment: &Deployment| -> Vec<(String, String)> {
        let known = deployment.settings.overrides.entries.iter();
        let own = known.filter(|(name, _)| template.parameter(&name.text).is_some());
        own.map(|(name, said)| (name.text.clone(), said.text.clone())).collect()
    };
    let open = one.settings.overrides.is_open || other.settings.overrides.is_open;
    !open && values(one) != values(other)
}
