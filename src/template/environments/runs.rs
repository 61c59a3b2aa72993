//! What the jobs of workflows do when they run: reusable workflows and actions of the project
//! followed, matrices unrolled, expressions resolved as far as the files tell.

use std::collections::BTreeMap;

use super::deploying::{Deployment, InJob, Origin, Script, Surroundings, deployments_of_script};
use super::overrides::{Place, of_words};
use super::said::{Said, Scope};
use super::settings::{Settings, Tool};
use super::workflow::{self, Job, Step, Trigger, Workflow};
use crate::source::{SourceId, Sources, Span, join};
use crate::template::convert;
use crate::template::value::{Name, Value};

/// One job as it runs: with one entry of its matrix, or called by another.
#[derive(Clone, Debug)]
pub struct JobRun {
    /// The file of the job that is started; a job it calls may stand in another.
    pub source: SourceId,
    /// The job that is started; the caller, where one workflow calls another.
    pub id: Name,
    /// The job that does the work.
    pub inner: Name,
    pub triggers: Vec<Trigger>,
    /// The environment of GitHub it runs in.
    pub environment: Option<Said>,
    /// Jobs that come before it, as the workflow names them.
    pub needs: Vec<String>,
    /// `if` of the job and of its caller.
    pub conditions: Vec<Said>,
    pub runs_on: Option<Said>,
    /// Whether the token of a run may be exchanged for credentials; `None` where that is the caller's.
    pub may_have_token: Option<bool>,
    pub credentials: Vec<Credentials>,
    /// Whether the file of the first credentials speaks of an access key: a step may put keys into the
    /// variables of those after it.
    pub may_pass_keys: bool,
    /// In the order of the steps.
    pub deployments: Vec<Deployment>,
}

/// A step that gets credentials of AWS, or variables that hold them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    pub span: Span,
    pub role: Option<Said>,
    pub access_key: Option<Said>,
    pub secret_key: Option<Said>,
    pub session_token: Option<Said>,
    pub region: Option<Said>,
    pub allowed_accounts: Option<Said>,
    /// They are made from credentials that were there before.
    pub is_chained: bool,
    /// They are variables of the environment, not a step of their own.
    pub are_variables: bool,
}

/// Entries of a matrix that are looked at.
const MAX_ENTRIES: usize = 16;
/// Workflows that call workflows.
const MAX_CALLS: usize = 3;

pub(super) fn runs(
    sources: &Sources,
    workflows: &[Workflow],
    surroundings: &Surroundings<'_>,
) -> Vec<JobRun> {
    let mut found = Vec::new();
    let called: Vec<SourceId> = workflows
        .iter()
        .flat_map(|workflow| workflow.jobs.iter().filter_map(|job| callee(sources, workflow, job)))
        .collect();
    for workflow in workflows {
        if workflow.is_only_called() && called.contains(&workflow.source) {
            continue;
        }
        let runner = Runner { sources, workflows, surroundings, outer: workflow };
        runner.workflow(workflow, &Scope::default(), None, 0, &mut found);
    }
    found
}

/// The reusable workflow of the project that a job calls.
fn callee(sources: &Sources, workflow: &Workflow, job: &Job) -> Option<SourceId> {
    let path = job.calls.as_ref()?.text.strip_prefix("./")?.to_owned();
    sources.find(&join(top(sources, workflow.source), &path))
}

/// The folder that holds `.github`.
fn top(sources: &Sources, source: SourceId) -> &str {
    let path = sources.path(source);
    path.split_once(".github/").map_or("", |(top, _)| top.trim_end_matches('/'))
}

struct Runner<'a> {
    sources: &'a Sources,
    workflows: &'a [Workflow],
    surroundings: &'a Surroundings<'a>,
    outer: &'a Workflow,
}

/// The job that calls the workflow at hand.
#[derive(Clone, Copy)]
struct Caller<'a> {
    job: &'a Job,
    may_have_token: Option<bool>,
}

impl Runner<'_> {
    fn workflow(
        &self,
        workflow: &Workflow,
        scope: &Scope,
        caller: Option<Caller<'_>>,
        depth: usize,
        found: &mut Vec<JobRun>,
    ) {
        let scope = scope.with_map("env", workflow.env.as_ref());
        for job in &workflow.jobs {
            for entry in entries(job.matrix.as_ref()) {
                let scope = scope.with("matrix", entry).with_map("env", job.env.as_ref());
                match callee(self.sources, workflow, job) {
                    Some(called) => self.call(called, job, &scope, caller, depth, found),
                    None => found.push(self.job(workflow, job, &scope, caller)),
                }
            }
        }
    }

    fn call(
        &self,
        called: SourceId,
        job: &Job,
        scope: &Scope,
        caller: Option<Caller<'_>>,
        depth: usize,
        found: &mut Vec<JobRun>,
    ) {
        let workflow = self.workflows.iter().find(|workflow| workflow.source == called);
        let Some(workflow) = workflow.filter(|_| depth < MAX_CALLS) else { return };
        let defaults = workflow.inputs.iter().filter_map(|(name, text)| Some((name.clone(), text.clone()?)));
        let with = Scope::default().with("inputs", defaults);
        let given = resolved(job.with.as_ref(), scope);
        let secrets = resolved(job.secrets.as_ref(), scope);
        let inner = Scope::default().with("inputs", given).with("secrets", secrets);
        let mut known = with.known;
        known.extend(inner.known);
        let outer = caller.map_or(job, |caller| caller.job);
        let may_have_token = self.token(self.outer, job, caller);
        let caller = Caller { job: outer, may_have_token };
        self.workflow(workflow, &Scope { known }, Some(caller), depth + 1, found);
    }

    /// Whether the token of a run is granted to a job; `None` where that depends on the caller, or on
    /// what it is given when nothing is said.
    fn token(&self, workflow: &Workflow, job: &Job, caller: Option<Caller<'_>>) -> Option<bool> {
        let own = job.permissions.as_ref().or(workflow.permissions.as_ref());
        match (own, caller) {
            // What is called can have no more than its caller.
            (Some(own), Some(caller)) => Some(grants_token(own) && caller.may_have_token != Some(false)),
            (Some(own), None) => Some(grants_token(own)),
            (None, Some(caller)) => caller.may_have_token,
            (None, None) if job.calls.is_some() || workflow.is_only_called() => None,
            (None, None) => Some(false),
        }
    }

    fn job(&self, workflow: &Workflow, job: &Job, scope: &Scope, caller: Option<Caller<'_>>) -> JobRun {
        let outer = caller.map_or(job, |caller| caller.job);
        let resolve = |said: &Said| Said { text: scope.resolve(&said.text), span: said.span };
        let mut run = JobRun {
            source: self.outer.source,
            id: outer.id.clone(),
            inner: job.id.clone(),
            triggers: self.outer.triggers.clone(),
            environment: job.environment.as_ref().map(resolve),
            needs: job
                .needs
                .iter()
                .chain(caller.iter().flat_map(|caller| &caller.job.needs))
                .cloned()
                .collect(),
            conditions: [Some(outer), Some(job)]
                .into_iter()
                .flatten()
                .filter_map(|job| job.condition.clone())
                .collect(),
            runs_on: job.runs_on.as_ref().map(resolve),
            may_have_token: self.token(workflow, job, caller),
            credentials: Vec::new(),
            may_pass_keys: false,
            deployments: Vec::new(),
        };
        run.conditions.dedup();
        run.credentials
            .extend([&workflow.env, &job.env].into_iter().flatten().filter_map(|env| variables(env, scope)));
        let top = top(self.sources, workflow.source);
        let directory = job.working_directory.as_ref().or(workflow.working_directory.as_ref());
        let directory = directory.map_or(String::new(), |said| scope.resolve(&said.text));
        let mut state = Steps { runner: self, run: &mut run, top, built: None };
        state.follow(&job.steps, scope, &directory, 0);
        run.may_pass_keys = run
            .credentials
            .first()
            .is_some_and(|first| self.sources.text(first.span.source).contains(ACCESS_KEY));
        run
    }
}

fn grants_token(permissions: &Value) -> bool {
    match permissions.as_str() {
        Some(all) => all == "write-all",
        None => permissions.get("id-token").and_then(Value::as_str) == Some("write"),
    }
}

/// The steps of one job, one after another.
struct Steps<'a, 'r> {
    runner: &'a Runner<'a>,
    run: &'r mut JobRun,
    top: &'a str,
    /// What `sam build` was last told to build.
    built: Option<SourceId>,
}

impl Steps<'_, '_> {
    fn follow(&mut self, steps: &[Step], scope: &Scope, directory: &str, depth: usize) {
        for step in steps {
            let scope = scope.with_map("env", step.env.as_ref());
            if let Some(variables) = step.env.as_ref().and_then(|env| variables(env, &scope)) {
                self.run.credentials.push(variables);
            }
            let directory = match &step.working_directory {
                Some(said) => scope.resolve(&said.text),
                None => directory.to_owned(),
            };
            if let Some(run) = &step.run {
                self.script(run, &scope, &directory);
            }
            if let Some(uses) = &step.uses {
                self.action(uses, step, &scope, &directory, depth);
            }
        }
    }

    fn script(&mut self, run: &Said, scope: &Scope, directory: &str) {
        let script =
            Script { text: &run.text, span: run.span, folder: &join(self.top, directory), top: self.top };
        let origin = self.origin();
        let found = deployments_of_script(script, scope, &mut self.built, origin, self.runner.surroundings);
        self.run.deployments.extend(found);
    }

    fn origin(&self) -> Origin {
        Origin::Job(Box::new(InJob {
            workflow: self.run.source,
            id: self.run.id.clone(),
            credentials: self.run.credentials.last().cloned(),
            environment: self.run.environment.clone(),
        }))
    }

    fn action(&mut self, uses: &Said, step: &Step, scope: &Scope, directory: &str, depth: usize) {
        let name = uses.text.split('@').next().unwrap_or_default();
        match name {
            "aws-actions/configure-aws-credentials" => {
                self.run.credentials.push(configured(step, uses, scope));
            }
            "aws-actions/aws-cloudformation-github-deploy" => {
                let deployment = self.deploy_action(step, uses, scope);
                self.run.deployments.extend(deployment);
            }
            _ if name.starts_with("./") && depth < MAX_CALLS => {
                self.composite(name, step, scope, directory, depth);
            }
            _ => {}
        }
    }

    /// The steps of an action of the project.
    fn composite(&mut self, path: &str, step: &Step, scope: &Scope, directory: &str, depth: usize) {
        let sources = self.runner.sources;
        let folder = join(self.top, path);
        let file = ["action.yml", "action.yaml"].iter().find_map(|name| sources.find(&join(&folder, name)));
        let Some(root) = file.and_then(|file| convert::read(sources, file).0) else { return };
        let defaults = root.get("inputs").map(workflow::inputs).unwrap_or_default();
        let defaults = defaults.into_iter().filter_map(|(name, text)| Some((name, text?)));
        let given = resolved(step.with.as_ref(), scope);
        let inner = scope.with("inputs", defaults).with("inputs", given);
        self.follow(&workflow::steps(root.at(&["runs", "steps"])), &inner, directory, depth + 1);
    }

    fn deploy_action(&mut self, step: &Step, uses: &Said, scope: &Scope) -> Option<Deployment> {
        let said = |key: &str| step.with.as_ref()?.get(key).and_then(|value| scope.said(value));
        let sources = self.runner.sources;
        let mut settings = Settings {
            template: said("template"),
            stack_name: said("name"),
            role: said("role-arn"),
            capabilities: said("capabilities"),
            keeps_failures: said("disable-rollback"),
            confirms: Some(Said::new("false", uses.span)),
            ..Settings::default()
        };
        if let Some(given) = said("parameter-overrides") {
            let words: Vec<String> = match given.text.starts_with("file://") {
                true => vec![given.text.clone()],
                false => given.text.split([',', '\n']).map(|word| word.trim().to_owned()).collect(),
            };
            let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
            settings.overrides = of_words(&words, Place { sources, folder: self.top, span: given.span });
        }
        let folder = self.top.to_owned();
        let template = self.runner.surroundings.template(settings.template.as_ref(), &folder, self.built);
        Some(Deployment {
            origin: self.origin(),
            tool: Tool::CloudFormation,
            span: uses.span,
            own: settings.clone(),
            settings,
            config_env: None,
            config: None,
            template,
            is_fed: true,
        })
    }
}

fn configured(step: &Step, uses: &Said, scope: &Scope) -> Credentials {
    let said = |key: &str| step.with.as_ref()?.get(key).and_then(|value| scope.said(value));
    let is_true = |key: &str| said(key).is_some_and(|said| said.text == "true");
    Credentials {
        span: uses.span,
        role: said("role-to-assume"),
        access_key: said("aws-access-key-id"),
        secret_key: said("aws-secret-access-key"),
        session_token: said("aws-session-token"),
        region: said("aws-region"),
        allowed_accounts: said("allowed-account-ids"),
        is_chained: is_true("role-chaining")
            || said("web-identity-token-file").is_some()
            || is_true("force-skip-oidc"),
        are_variables: false,
    }
}

/// The variable that SDKs read an access key from.
const ACCESS_KEY: &str = "AWS_ACCESS_KEY_ID";

/// Keys in the variables of a workflow, a job or a step.
fn variables(env: &Value, scope: &Scope) -> Option<Credentials> {
    let said = |key: &str| env.get(key).and_then(|value| scope.said(value));
    let access_key = said(ACCESS_KEY)?;
    Some(Credentials {
        span: access_key.span,
        role: None,
        secret_key: said("AWS_SECRET_ACCESS_KEY"),
        session_token: said("AWS_SESSION_TOKEN"),
        region: said("AWS_REGION").or_else(|| said("AWS_DEFAULT_REGION")),
        allowed_accounts: None,
        access_key: Some(access_key),
        is_chained: false,
        are_variables: true,
    })
}

/// The entries of a map of scalars, as the caller sees them.
fn resolved(map: Option<&Value>, scope: &Scope) -> Vec<(String, String)> {
    let entries = map.and_then(Value::as_map).into_iter().flat_map(|map| map.iter());
    entries.filter_map(|(name, value)| Some((name.text.clone(), scope.resolve(&value.scalar()?)))).collect()
}

type Entry = BTreeMap<String, String>;

/// What a matrix runs with, one entry after another; one empty entry where it cannot be told.
fn entries(matrix: Option<&Value>) -> Vec<Entry> {
    let Some(map) = matrix.and_then(Value::as_map) else { return vec![Entry::new()] };
    let mut found = vec![Entry::new()];
    for (key, value) in map.iter().filter(|(key, _)| !matches!(key.text.as_str(), "include" | "exclude")) {
        let Some(items) = value.as_list() else { continue };
        let each = found.iter().flat_map(|entry| items.iter().map(move |item| (entry, item)));
        found = each.take(MAX_ENTRIES).map(|(entry, item)| extended(entry, &key.text, item)).collect();
    }
    let included = map.get("include").and_then(Value::as_list).unwrap_or_default();
    let alone = found.iter().all(Entry::is_empty) && !included.is_empty();
    let mut more: Vec<Entry> = Vec::new();
    for item in included {
        let added = item.as_map().into_iter().flat_map(|map| map.iter());
        let entry = added.fold(Entry::new(), |entry, (key, value)| extended(&entry, &key.text, value));
        let agrees = |known: &Entry| entry.iter().any(|(key, text)| known.get(key) == Some(text));
        match found.iter_mut().find(|known| agrees(known)) {
            Some(known) => known.extend(entry),
            None => more.push(entry),
        }
    }
    if alone {
        found.clear();
    }
    found.extend(more);
    found.truncate(MAX_ENTRIES);
    found
}

/// An entry with one more key; the keys of a mapping as `key.inner`.
fn extended(entry: &Entry, key: &str, value: &Value) -> Entry {
    let mut entry = entry.clone();
    if let Some(text) = value.scalar() {
        entry.insert(key.to_owned(), text.into_owned());
    }
    for (inner, value) in value.as_map().into_iter().flat_map(|map| map.iter()) {
        if let Some(text) = value.scalar() {
            entry.insert(format!("{key}.{}", inner.text), text.into_owned());
        }
    }
    entry
}
