//! Secrets that are written into files of a deployment.

use std::collections::BTreeSet;

use super::deployed::{is_inside, template_of};
use crate::rule::prelude::*;
use crate::source::{Sources, Span};
use crate::template::environments::Deployment;

rule! {
    /// ## What it does
    /// Finds values of parameters that the template marks `NoEcho`, written out in a `samconfig`, a
    /// workflow or a script.
    ///
    /// ## Why it matters
    /// CloudFormation hides such a value on purpose; here everybody who reads the repository, now or in
    /// its history, has it.
    ///
    /// ## Example
    /// ```toml
    /// parameter_overrides = "DatabasePassword=Winter2024!"
    /// ```
    ///
    /// ## Use instead
    /// A dynamic reference in the template, `{{resolve:secretsmanager:shop/database:SecretString:password}}`,
    /// or a secret of the workflow.
    ///
    /// ## When to keep it
    /// Never, if it is a secret. Placeholders and names of secrets are not reported.
    pub SECRET_IN_CONFIGURATION = {
        id: "secret-in-configuration",
        category: Deployment,
        severity: Error,
        summary: "secret is written out in a file of the deployment",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    for deployment in &app.deployments.all {
        let secrets = in_deployment(app, deployment);
        found.extend(secrets.into_iter().filter(|one| is_inside(app, one.span) && seen.insert(one.span)));
    }
}

fn in_deployment(app: &App<'_>, deployment: &Deployment) -> Vec<Finding> {
    let Some(template) = template_of(app, deployment) else { return Vec::new() };
    let entries = deployment.own.overrides.entries.iter();
    entries
        .filter_map(|(name, said)| {
            let parameter = template.parameter(&name.text).filter(|parameter| parameter.no_echo)?;
            let default = parameter.default.as_ref().and_then(|value| value.scalar());
            if !is_secret(said.literal()?) || default.as_deref() == Some(said.text.as_str()) {
                return None;
            }
            let message = format!("the value of `{}` is written out", name.text);
            let mut finding = match elsewhere(app.sources, name.span, &said.text) {
                Some(written) => Finding::at(written, message).because(name.span, "passed on here"),
                None => Finding::at(name.span, message),
            };
            finding = finding.because(parameter.name.span, "the template hides it: `NoEcho`");
            Some(finding.help("change the secret, and keep it in Secrets Manager or the Parameter Store"))
        })
        .collect()
}

/// Where the text is written, if that is another line than the one that passes it: there it is a variable's.
fn elsewhere(sources: &Sources, passed: Span, secret: &str) -> Option<Span> {
    let text = sources.text(passed.source);
    let line = |at: usize| text.get(..at).map(|before| before.matches('\n').count());
    let mut places = text.match_indices(secret).map(|(at, _)| at);
    let first = places.next()?;
    let here = line(passed.range().start)?;
    let is_apart = line(first) != Some(here) && places.all(|at| line(at) != Some(here));
    is_apart.then(|| Span::new(passed.source, first, first + secret.len()))
}

/// Shorter texts are no secrets worth the name.
const SHORTEST: usize = 6;

/// Whether a text looks like a value and not like a placeholder, a name or an address of one.
fn is_secret(text: &str) -> bool {
    const PLACEHOLDERS: [&str; 20] = [
        "change",
        "replace",
        "your",
        "example",
        "dummy",
        "placeholder",
        "xxx",
        "***",
        "todo",
        "none",
        "<",
        "test",
        "local",
        "fake",
        "redacted",
        "masked",
        "hidden",
        "removed",
        "insert",
        "sample",
    ];
    let lower = text.to_lowercase();
    let placeholder = PLACEHOLDERS.iter().any(|word| lower.contains(word));
    let address = text.starts_with('/')
        || text.starts_with("arn:")
        || text.contains("://")
        || text.contains("{{resolve");
    text.len() >= SHORTEST && !placeholder && !address
}
