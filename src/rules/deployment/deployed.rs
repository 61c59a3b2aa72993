//! What several rules of this category ask about deployments.

use std::collections::BTreeSet;

use crate::aws::environment_names;
use crate::finding::Finding;
use crate::graph::App;
use crate::source::Span;
use crate::template::Template;
use crate::template::environments::{Deployment, JobRun, Said, account_of, name_of};

/// Whether a place is in the project, and not in the repository around it.
pub fn is_inside(app: &App<'_>, span: Span) -> bool {
    !app.sources.path(span.source).starts_with("../")
}

/// Of findings at one place the first: a job that runs several times is one job.
pub fn once(findings: impl IntoIterator<Item = Finding>) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    findings.into_iter().filter(|finding| seen.insert(finding.span)).collect()
}

/// The template a deployment deploys, where that is known.
pub fn template_of<'a>(app: &'a App<'_>, deployment: &Deployment) -> Option<&'a Template> {
    let source = deployment.template?;
    app.templates().map(|(_, template)| template).find(|template| template.source == source)
}

/// What the environment of a deployment is called.
pub fn environment_of(app: &App<'_>, deployment: &Deployment) -> Option<String> {
    name_of(template_of(app, deployment), deployment)
}

/// Whether a deployment of a job goes to production: its environment says so, or else the job.
pub fn deploys_production(app: &App<'_>, run: &JobRun, deployment: &Deployment) -> bool {
    if let Some(name) = environment_of(app, deployment) {
        return environment_names::is_production(&name);
    }
    let named = [&deployment.own.stack_name, &deployment.config_env, &run.environment];
    let open = named.into_iter().flatten().any(Said::is_open);
    let told = template_of(app, deployment)
        .and_then(Template::naming_parameter)
        .is_some_and(|parameter| deployment.own.overrides.get(&parameter.name.text).is_some());
    !open && !told && environment_names::is_production(&run.id.text)
}

/// What two deployments have in common that only deployments to one account can have.
#[derive(Debug)]
pub struct Shared {
    /// `account 111122223333`, `the profile \`shop\``.
    pub what: String,
    pub first: Span,
    pub second: Span,
}

/// Whether two deployments go to one account, as far as the files show it.
pub fn shared_account(one: &Deployment, other: &Deployment) -> Option<Shared> {
    let (own, others) = (accounts(one), accounts(other));
    if !own.is_empty() && !others.is_empty() {
        let (account, first) = own.first()?;
        let (_, second) = others.iter().find(|(other, _)| other == account)?;
        return Some(Shared { what: format!("account {account}"), first: *first, second: *second });
    }
    identities(one).into_iter().find_map(|(what, said)| {
        let same = |(kind, other): &(&str, &Said)| *kind == what && other.text == said.text;
        let (_, second) = identities(other).into_iter().find(same)?;
        Some(Shared { what: format!("{what} `{}`", said.text), first: said.span, second: second.span })
    })
}

/// Account numbers that are written out, the one of the assumed role first.
fn accounts(deployment: &Deployment) -> Vec<(String, Span)> {
    let credentials = deployment.job().and_then(|job| job.credentials.as_ref());
    let assumed = credentials.and_then(|credentials| credentials.role.as_ref());
    let roles = assumed.into_iter().chain(&deployment.settings.role);
    roles.filter_map(|role| Some((account_of(&role.text)?, role.span))).collect()
}

/// Buckets that the SAM CLI makes for itself in the account it deploys to.
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-deploy.html>
const MANAGED_BUCKET: &str = "aws-sam-cli-managed-default-";

/// What tells accounts apart without saying their numbers.
fn identities(deployment: &Deployment) -> Vec<(&'static str, &Said)> {
    let mut found = Vec::new();
    let settings = &deployment.settings;
    found.extend(
        settings.profile.iter().filter(|said| said.literal().is_some()).map(|said| ("the profile", said)),
    );
    let bucket = settings.bucket.iter().filter(|said| said.text.starts_with(MANAGED_BUCKET));
    found.extend(bucket.map(|said| ("the bucket of the SAM CLI", said)));
    let Some(job) = deployment.job() else { return found };
    // In an environment of GitHub the same name of a secret or variable may stand for another value.
    let same_everywhere = |said: &&Said| job.environment.is_none() || !is_stored(said);
    let known = |said: &&Said| {
        same_everywhere(said) && !said.text.contains("matrix.") && !said.text.contains("inputs.")
    };
    let Some(credentials) = &job.credentials else { return found };
    match &credentials.role {
        Some(role) => found.extend(Some(role).filter(known).map(|said| ("the role", said))),
        None => found.extend(credentials.access_key.as_ref().filter(known).map(|said| ("the keys", said))),
    }
    found
}

fn is_stored(said: &Said) -> bool {
    ["secrets.", "vars.", "secrets["].iter().any(|word| said.text.contains(word))
}
