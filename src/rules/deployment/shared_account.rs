//! Production in one account with another environment.

use std::collections::BTreeSet;

use super::deployed::{Shared, is_inside, shared_account};
use crate::rule::prelude::*;
use crate::source::Span;
use crate::template::Template;
use crate::template::environments::{DEFAULT, Deployment, Environment};

rule! {
    /// ## What it does
    /// Finds production deployed to the same account as another environment: by roles of one account,
    /// by one role, profile or pair of keys, or through the bucket that the SAM CLI made in one
    /// account.
    ///
    /// ## Why it matters
    /// A mistake, a leaked key or a used-up quota in development reaches production: limits such as the
    /// concurrency of functions count per account, and so do most permissions.
    ///
    /// ## Example
    /// ```toml
    /// [dev.deploy.parameters]
    /// profile = "shop"
    /// [prod.deploy.parameters]
    /// profile = "shop"
    /// ```
    ///
    /// ## Use instead
    /// An account of its own for production, with a role or profile of its own.
    ///
    /// ## When to keep it
    /// When the application is small and one account is a decision: say `single-account = true` in
    /// `slslint.toml`. What is known only to the run, such as a secret of a GitHub environment, is not
    /// compared.
    pub SHARED_ACCOUNT = {
        id: "shared-account",
        category: Deployment,
        severity: Warning,
        summary: "production shares its account with another environment",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    if app.deployments.single_account {
        return;
    }
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    for (_, template) in app.templates() {
        let finding = in_template(app, template);
        found.extend(finding.filter(|one| is_inside(app, one.span) && seen.insert(one.span)));
    }
}

fn in_template(app: &App<'_>, template: &Template) -> Option<Finding> {
    let (production, others): (Vec<&Environment>, Vec<&Environment>) =
        template.deployed_environments().partition(|environment| environment.is_production);
    let production = *production.first()?;
    // What is deployed where no environment is named is the weakest example.
    let (named, unnamed): (Vec<_>, Vec<_>) = others.into_iter().partition(|other| other.name != DEFAULT);
    let others = named.into_iter().chain(unnamed);
    let (other, shared) =
        others.into_iter().find_map(|other| Some((other, shared(app, production, other)?)))?;
    let message = format!("`{}` is deployed to the same account as `{}`", production.name, other.name);
    Some(
        Finding::at(shared.first, message)
            .because(shared.second, format!("`{}` uses {} too", other.name, shared.what))
            .help("give production an account of its own, or say `single-account = true` in slslint.toml"),
    )
}

/// What deployments of two environments share, where nothing tells their accounts apart.
fn shared(app: &App<'_>, one: &Environment, other: &Environment) -> Option<Shared> {
    if !one.accounts.is_empty() && !other.accounts.is_empty() && one.accounts.is_disjoint(&other.accounts) {
        return None;
    }
    let of = |environment: &Environment| -> Vec<&Deployment> {
        environment.deployments.iter().filter_map(|index| app.deployments.all.get(*index)).collect()
    };
    let others = of(other);
    of(one).into_iter().find_map(|own| others.iter().find_map(|other| shared_account(own, other)))
}
