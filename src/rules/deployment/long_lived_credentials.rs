//! Workflows that deploy with stored keys.

use std::collections::BTreeMap;

use super::deployed::is_inside;
use crate::rule::prelude::*;
use crate::source::SourceId;
use crate::template::environments::{Credentials, JobRun, Said};

rule! {
    /// ## What it does
    /// Finds workflows of GitHub Actions that use stored access keys of AWS: as inputs of
    /// `configure-aws-credentials` or as variables; one finding per file.
    ///
    /// ## Why it matters
    /// The keys are valid until somebody turns them, wherever they have leaked to: a log, a fork, an
    /// action that was taken over. A role that the workflow assumes by OpenID Connect gives
    /// credentials for an hour, to this repository only.
    ///
    /// ## Example
    /// ```yaml
    /// - uses: aws-actions/configure-aws-credentials@v4
    ///   with:
    ///     aws-access-key-id: ${{ secrets.AWS_ACCESS_KEY_ID }}
    ///     aws-secret-access-key: ${{ secrets.AWS_SECRET_ACCESS_KEY }}
    ///     aws-region: eu-west-1
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// permissions:
    ///   id-token: write
    ///   contents: read
    /// ```
    /// and, in the step,
    /// ```yaml
    ///   with:
    ///     role-to-assume: arn:aws:iam::111122223333:role/deploy
    ///     aws-region: eu-west-1
    /// ```
    ///
    /// ## When to keep it
    /// When the account cannot have an identity provider for GitHub. Temporary credentials, with a
    /// session token, and made-up keys for tests are not reported.
    pub LONG_LIVED_CREDENTIALS = {
        id: "long-lived-credentials",
        category: Deployment,
        severity: Error,
        summary: "workflow uses stored AWS keys",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let mut files: BTreeMap<SourceId, Vec<(&JobRun, &Said)>> = BTreeMap::new();
    for run in &app.deployments.runs {
        for key in run.credentials.iter().filter_map(stored_key).filter(|key| is_inside(app, key.span)) {
            let same = files.entry(key.span.source).or_default();
            if same.iter().all(|(_, known)| known.span != key.span) {
                same.push((run, key));
            }
        }
    }
    found.extend(files.into_values().filter_map(|keys| finding(&keys)));
}

fn finding(keys: &[(&JobRun, &Said)]) -> Option<Finding> {
    let ((run, first), rest) = keys.split_first()?;
    let verb = if run.deployments.is_empty() { "uses" } else { "deploys with" };
    let mut finding = Finding::at(first.span, format!("job `{}` {verb} stored AWS keys", run.inner.text))
        .help("assume a role by OpenID Connect: `permissions: id-token: write` and `role-to-assume`");
    if let Some(deployment) = run.deployments.first() {
        finding = finding.because(deployment.span, "what is deployed with them");
    }
    for (run, other) in rest.iter().take(EVIDENCE) {
        finding = finding.because(other.span, format!("and in `{}`", run.inner.text));
    }
    Some(finding)
}

/// More places than these say nothing new.
const EVIDENCE: usize = 3;

/// The key, where it is a stored one: a secret or variable of the repository, or a key written out.
fn stored_key(credentials: &Credentials) -> Option<&Said> {
    let key = credentials.access_key.as_ref()?;
    let stored = ["secrets.", "vars.", "secrets["].iter().any(|word| key.text.contains(word));
    // Keys of people and of roles have different beginnings.
    // <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>
    let written_out = key.text.starts_with("AKIA") && key.text.len() == 20 && !key.text.ends_with("EXAMPLE");
    let temporary = credentials.session_token.as_ref().is_some_and(|token| !token.text.is_empty());
    // A variable alone is only asked whether it is there.
    let complete = !credentials.are_variables || credentials.secret_key.is_some();
    ((stored || written_out) && !temporary && complete).then_some(key)
}
