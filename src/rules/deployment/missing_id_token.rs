//! Jobs that assume a role without the token for it.

use std::collections::BTreeSet;

use super::deployed::{is_inside, once};
use crate::rule::prelude::*;
use crate::source::Span;
use crate::template::environments::JobRun;

rule! {
    /// ## What it does
    /// Finds jobs that let `configure-aws-credentials` assume a role by OpenID Connect while neither
    /// the job nor its workflow grants `id-token: write`.
    ///
    /// ## Why it matters
    /// GitHub gives no token without it, whatever the settings of the repository are: the step fails.
    ///
    /// ## Example
    /// ```yaml
    /// permissions:
    ///   contents: read
    /// steps:
    ///   - uses: aws-actions/configure-aws-credentials@v4
    ///     with:
    ///       role-to-assume: arn:aws:iam::111122223333:role/deploy
    ///       aws-region: eu-west-1
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// permissions:
    ///   id-token: write
    ///   contents: read
    /// ```
    ///
    /// ## When to keep it
    /// Never. Runners of your own, which may have credentials already, and roles that are assumed with
    /// other credentials are not reported.
    pub MISSING_ID_TOKEN = {
        id: "missing-id-token",
        category: Deployment,
        severity: Error,
        summary: "job assumes a role without `id-token: write`",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    // A workflow that others call and grant a token does its work, although it could not be started by hand.
    let granted: BTreeSet<Span> = app
        .deployments
        .runs
        .iter()
        .filter(|run| run.may_have_token != Some(false))
        .map(|run| run.inner.span)
        .collect();
    let runs = app.deployments.runs.iter().filter(|run| !granted.contains(&run.inner.span));
    found.extend(once(runs.filter_map(in_job).filter(|finding| is_inside(app, finding.span))));
}

fn in_job(run: &JobRun) -> Option<Finding> {
    if run.may_have_token != Some(false) || !is_hosted(run) {
        return None;
    }
    let first = run.credentials.first()?;
    let role = first.role.as_ref().filter(|role| !role.text.is_empty())?;
    let others = first.access_key.is_some() || first.is_chained || first.are_variables;
    if others || run.may_pass_keys {
        return None;
    }
    Some(
        Finding::at(run.inner.span, format!("`{}` has no token to assume a role with", run.inner.text))
            .because(first.span, "a role is assumed here")
            .because(role.span, "the role")
            .help("grant it: `permissions: {id-token: write, contents: read}`"),
    )
}

/// Whether it runs on a machine of GitHub's.
fn is_hosted(run: &JobRun) -> bool {
    let names = ["ubuntu-", "windows-", "macos-"];
    run.runs_on.as_ref().is_some_and(|said| names.iter().any(|name| said.text.starts_with(name)))
}
