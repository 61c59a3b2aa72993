//! Production that is deployed without anybody's leave.

use std::collections::{BTreeMap, BTreeSet};

use super::deployed::{deploys_production, environment_of, is_inside, once, template_of};
use crate::aws::environment_names::{is_before_production, is_production};
use crate::rule::prelude::*;
use crate::template::environments::{DEFAULT, Deployment, JobRun, SamConfig, Trigger};

rule! {
    /// ## What it does
    /// Finds jobs that deploy production on a push, a pull request or a schedule, and that neither run in
    /// an environment of GitHub nor wait for a job that does; and configurations whose default
    /// environment is production although they have others.
    ///
    /// ## Why it matters
    /// An environment can ask for reviewers, wait, and be open to some branches only. Without one,
    /// whatever is merged is in production before anybody has looked at it elsewhere. And a plain
    /// `sam deploy` should not be what deploys production.
    ///
    /// ## Example
    /// ```yaml
    /// on: {push: {branches: [main]}}
    /// jobs:
    ///   deploy-prod:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - run: sam deploy --config-env prod
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    ///   deploy-prod:
    ///     needs: deploy-dev
    ///     environment: prod
    /// ```
    /// with required reviewers in the settings of the repository, which no file shows.
    ///
    /// ## When to keep it
    /// When every merge is meant to go out at once and is reviewed before. Workflows that are started by
    /// hand, by a tag or by a release are not reported.
    pub UNGATED_PRODUCTION = {
        id: "ungated-production",
        category: Deployment,
        severity: Warning,
        summary: "production is deployed without an environment that asks",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    let in_jobs = app.deployments.runs.iter().filter_map(|run| in_job(app, run));
    let in_files = app.deployments.configs.iter().filter_map(|config| by_default(app, config));
    found.extend(once(in_jobs.chain(in_files).filter(|finding| is_inside(app, finding.span))));
}

fn in_job(app: &App<'_>, run: &JobRun) -> Option<Finding> {
    let deployment = run.deployments.iter().find(|one| deploys_production(app, run, one))?;
    let trigger = run.triggers.iter().find(|trigger| starts_unasked(trigger, run))?;
    if run.environment.is_some() || is_gated(app, run) {
        return None;
    }
    let verb = match trigger.name.text.as_str() {
        "pull_request" | "pull_request_target" => "a pull request",
        "push" if !trigger.is_filtered && run.conditions.is_empty() => "every push",
        "push" => "a push",
        "schedule" => "a schedule",
        _ => "a workflow",
    };
    let name = environment_of(app, deployment).unwrap_or_else(|| run.id.text.clone());
    let mut finding = Finding::at(run.id.span, format!("{verb} deploys `{name}` with nobody asked"))
        .because(deployment.span, "the deployment")
        .because(trigger.name.span, "what starts it")
        .help(format!("run it in an environment with reviewers: `environment: {name}`"));
    if let Some(earlier) = unawaited(app, run) {
        finding = finding.because(earlier.id.span, "nor does it wait for this deployment");
    }
    Some(finding)
}

/// Whether a trigger starts a job without a person who means this deployment.
fn starts_unasked(trigger: &Trigger, run: &JobRun) -> bool {
    const UNASKED: [&str; 6] =
        ["push", "pull_request", "pull_request_target", "schedule", "workflow_run", "repository_dispatch"];
    const ASKED: [&str; 6] =
        ["workflow_dispatch", "refs/tags", "release", "inputs.", "ref_type", "environment"];
    let asked = |text: &str| ASKED.iter().any(|word| text.contains(word));
    UNASKED.contains(&trigger.name.text.as_str())
        && !trigger.is_for_tags
        && !run.conditions.iter().any(|condition| asked(&condition.text))
}

/// Whether a job that it waits for asks for leave: one that runs in an environment of production, or in
/// one and deploys nothing.
fn is_gated(app: &App<'_>, run: &JobRun) -> bool {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = run.needs.iter().map(String::as_str).collect();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        for before in of_workflow(app, run).filter(|one| one.id.text == id || one.inner.text == id) {
            let asks = before.environment.as_ref().is_some_and(|environment| {
                before.deployments.is_empty() || !is_before_production(&environment.text)
            });
            if asks || id.contains("approv") {
                return true;
            }
            open.extend(before.needs.iter().map(String::as_str));
        }
    }
    false
}

fn of_workflow<'a>(app: &'a App<'_>, run: &JobRun) -> impl Iterator<Item = &'a JobRun> + use<'a> {
    let source = run.source;
    app.deployments.runs.iter().filter(move |other| other.source == source)
}

/// A job of the same workflow that deploys another environment and is not waited for.
fn unawaited<'a>(app: &'a App<'_>, run: &JobRun) -> Option<&'a JobRun> {
    let mut jobs: BTreeMap<&str, &JobRun> = BTreeMap::new();
    for other in of_workflow(app, run) {
        let before = other.deployments.iter().any(|deployment| {
            environment_of(app, deployment).is_some_and(|name| is_before_production(&name))
        });
        if before {
            jobs.entry(&other.id.text).or_insert(other);
        }
    }
    let waits = |id: &str| run.needs.iter().any(|need| need == id);
    jobs.into_iter().find(|(id, _)| !waits(id) && *id != run.id.text).map(|(_, job)| job)
}

/// A configuration with several environments where the one without a name is production.
fn by_default(app: &App<'_>, config: &SamConfig) -> Option<Finding> {
    let section = config.section(DEFAULT).filter(|section| section.deploys)?;
    let others = config.sections.iter().find(|other| other.deploys && other.name.text != DEFAULT)?;
    let of_section = |one: &&Deployment| one.span == section.name.span;
    let deployment = app.deployments.all.iter().find(of_section)?;
    let template = template_of(app, deployment)?;
    let naming = template.naming_parameter()?;
    let value = section.settings.overrides.get(&naming.name.text)?;
    if !is_production(value.literal()?) {
        return None;
    }
    Some(
        Finding::at(section.name.span, "a plain `sam deploy` deploys production")
            .because(value.span, "the default environment is production")
            .because(others.name.span, format!("`{}` has a name", others.name.text))
            .help("let the default be development, and name production"),
    )
}
