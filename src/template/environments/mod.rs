//! How a project deploys its templates, as its files say: configurations of the SAM CLI, workflows,
//! other pipelines, makefiles, scripts and files of parameters.
//!
//! ```text
//! samconfig.* ──▶ samconfig ──────────────────────────┐
//! .github/workflows ─▶ workflow ─▶ runs ─▶ shell ─▶ settings ─▶ Deployment ─▶ join ─▶ Environment
//! buildspec, .gitlab-ci, Makefile, *.sh ─▶ pipelines ─┘         parameter files ──┘  (per template)
//! ```
//!
//! Only what stands there literally is read; what only a run knows stays open, and nothing is guessed.

mod deploying;
mod join;
mod overrides;
mod pipelines;
mod runs;
mod said;
mod samconfig;
mod settings;
mod shell;
#[cfg(test)]
mod tests;
mod workflow;

pub use deploying::{Deployment, InJob, Origin};
pub use join::{Declared, Environment, account_of, name_of, said_name};
pub use overrides::Overrides;
pub use runs::{Credentials, JobRun};
pub use said::Said;
pub use samconfig::{DEFAULT, SamConfig, Section, raw as raw_samconfig};
pub use settings::{Settings, Tool};
pub use workflow::{Job, Step, Trigger, Workflow};

use std::collections::{BTreeMap, BTreeSet};

use super::Template;
use crate::source::{SourceId, Sources};
use deploying::Surroundings;

/// Everything that files say about deployments.
#[derive(Clone, Debug, Default)]
pub struct Deployments {
    pub configs: Vec<SamConfig>,
    pub workflows: Vec<Workflow>,
    pub runs: Vec<JobRun>,
    /// Those of configurations, jobs, other pipelines and scripts.
    pub all: Vec<Deployment>,
    /// The project says that all environments are in one account on purpose.
    pub single_account: bool,
}

/// Reads the files that deploy some templates, and gives each template its environments.
///
/// `declared` are environments that the project's settings name; they win over what files say.
pub fn gather(
    sources: &Sources,
    exclude: &(dyn Fn(&str) -> bool + Sync),
    templates: &mut [Template],
    declared: &BTreeMap<String, Declared>,
) -> Deployments {
    if templates.is_empty() {
        return Deployments::default();
    }
    let files: Vec<SourceId> = candidates(sources, exclude).collect();
    let name_of = |id: &SourceId| sources.path(*id).rsplit('/').next().unwrap_or_default();
    let configs: Vec<SamConfig> = files
        .iter()
        .filter(|id| samconfig::is_samconfig(name_of(id)))
        .filter_map(|id| samconfig::read(sources, *id))
        .collect();
    let workflows: Vec<Workflow> = files
        .iter()
        .filter(|id| workflow::is_workflow(sources.path(**id)))
        .filter_map(|id| workflow::read(sources, *id))
        .collect();
    let known: Vec<SourceId> = templates.iter().map(|template| template.source).collect();
    let around = Surroundings { sources, configs: &configs, templates: &known };
    let runs = runs::runs(sources, &workflows, &around);
    let mut all: Vec<Deployment> = configs.iter().flat_map(of_config).collect();
    all.extend(runs.iter().flat_map(|run| run.deployments.iter().cloned()));
    for id in &files {
        if let Some(kind) = pipelines::kind(name_of(id)) {
            all.extend(pipelines::deployments(kind, *id, &around));
        }
    }
    for template in templates {
        template.environments = join::environments(sources, template, &all, declared);
    }
    Deployments { configs, workflows, runs, all, single_account: false }
}

/// Fixes the parameters of every template that has an environment of this name.
///
/// # Errors
/// No template has it; the text names those there are.
pub fn choose(templates: &mut [Template], name: &str) -> Result<(), String> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut any = false;
    for template in templates.iter_mut() {
        known.extend(template.environments.iter().map(|environment| environment.name.clone()));
        if let Some(environment) = template.environment(name) {
            any = true;
            let world = template.world_of(environment);
            template.fixed = world.parameters.into_iter().collect();
        }
    }
    if any || templates.is_empty() {
        return Ok(());
    }
    let known: Vec<String> = known.into_iter().collect();
    Err(match known.as_slice() {
        [] => format!("no environment is called `{name}`, and none is known; declare it in slslint.toml"),
        known => format!("no environment is called `{name}`; there are {}", known.join(", ")),
    })
}

fn of_config(config: &SamConfig) -> impl Iterator<Item = Deployment> + '_ {
    config.sections.iter().filter(|section| section.deploys).map(|section| Deployment {
        origin: Origin::Config,
        tool: Tool::Sam,
        span: section.name.span,
        own: section.settings.clone(),
        settings: section.settings.clone(),
        config_env: Some(settings::said_of(&section.name)),
        config: Some(config.source),
        template: section.template,
        is_fed: false,
    })
}

/// Folders of what tools and other people made.
const FOREIGN: [&str; 6] = ["node_modules", ".aws-sam", "vendor", "third_party", "cdk.out", ".venv"];

fn candidates<'s>(
    sources: &'s Sources,
    exclude: &'s (dyn Fn(&str) -> bool + Sync),
) -> impl Iterator<Item = SourceId> + 's {
    sources.ids().filter(move |id| {
        let path = sources.path(*id);
        let name = path.rsplit('/').next().unwrap_or(path);
        let deploys =
            samconfig::is_samconfig(name) || workflow::is_workflow(path) || pipelines::kind(name).is_some();
        // What lies outside is read only where it is the workflows of the repository around.
        let inside = !path.starts_with("../") || workflow::is_workflow(path);
        let excluded = !path.starts_with("../") && exclude(path);
        deploys && inside && !excluded && !path.split('/').any(|part| FOREIGN.contains(&part))
    })
}
