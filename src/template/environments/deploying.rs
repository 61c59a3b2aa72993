//! One deployment of a template, wherever it is said.

use super::overrides::Place;
use super::runs::Credentials;
use super::said::{Said, Scope, find_within, is_open};
use super::samconfig::{self, SamConfig, template_in};
use super::settings::{Deploying, Settings, Tool, of_command};
use super::shell::{Command, commands};
use crate::source::{SourceId, Sources, Span, join, parent};
use crate::template::value::Name;

/// A deployment that a file describes.
#[derive(Clone, Debug)]
pub struct Deployment {
    pub origin: Origin,
    pub tool: Tool,
    /// The command, the action, or the name of the environment in a configuration.
    pub span: Span,
    /// What it says itself.
    pub own: Settings,
    /// With what its configuration says below it.
    pub settings: Settings,
    pub config_env: Option<Said>,
    /// The configuration file it reads.
    pub config: Option<SourceId>,
    pub template: Option<SourceId>,
    /// Its questions are answered: something is piped into it.
    pub is_fed: bool,
}

/// Where a deployment is said.
#[derive(Clone, Debug)]
pub enum Origin {
    /// An environment of a configuration file.
    Config,
    /// A job of a workflow.
    Job(Box<InJob>),
    /// A job of another build service; the name of its environment, where it has one.
    Pipeline(Option<Said>),
    /// A script, for people or for jobs.
    Script,
}

/// What a job has when it deploys.
#[derive(Clone, Debug)]
pub struct InJob {
    pub workflow: SourceId,
    pub id: Name,
    pub credentials: Option<Credentials>,
    pub environment: Option<Said>,
}

impl Deployment {
    /// The job of a workflow that deploys.
    pub fn job(&self) -> Option<&InJob> {
        match &self.origin {
            Origin::Job(job) => Some(job),
            _ => None,
        }
    }

    /// Whether nobody is there to answer questions.
    pub fn is_unattended(&self) -> bool {
        matches!(self.origin, Origin::Job(_) | Origin::Pipeline(_))
    }
}

/// The files that commands read besides what they are told.
pub(super) struct Surroundings<'a> {
    pub sources: &'a Sources,
    pub configs: &'a [SamConfig],
    /// The templates of the project.
    pub templates: &'a [SourceId],
}

impl Surroundings<'_> {
    /// The configuration that a command of the SAM CLI in a folder reads: it lies beside the template
    /// that the command names.
    /// <https://github.com/aws/aws-sam-cli/blob/develop/samcli/commands/_utils/options.py>
    fn config(&self, folder: &str, read: &Deploying) -> Option<&SamConfig> {
        let beside = read.settings.template.as_ref().map_or("", |template| parent(&template.text));
        if is_open(beside) {
            return None;
        }
        let folder = join(folder, beside);
        let find = |path: &str| {
            let source = self.sources.find(&join(&folder, path))?;
            self.configs.iter().find(|config| config.source == source)
        };
        match &read.config_file {
            Some(said) => find(said.literal()?),
            None => samconfig::NAMES.iter().find_map(|name| find(name)),
        }
    }

    /// The template that is deployed: what was built, what is named, or what lies in the folder.
    pub fn template(&self, named: Option<&Said>, folder: &str, built: Option<SourceId>) -> Option<SourceId> {
        let Some(named) = named else { return built.or_else(|| template_in(self.sources, folder)) };
        if let Some(found) =
            self.sources.find(&join(folder, &named.text)).filter(|id| self.templates.contains(id))
        {
            return Some(found);
        }
        if is_open(&named.text) || !is_output(&named.text) {
            return None;
        }
        // What a tool wrote: it was made from what was built.
        let only = match self.templates {
            [only] => Some(*only),
            _ => None,
        };
        built.or_else(|| template_in(self.sources, folder)).or(only)
    }
}

/// Whether a path names what `sam build` or `sam package` writes.
fn is_output(path: &str) -> bool {
    path.contains(".aws-sam") || path.rsplit('/').next().is_some_and(|name| name.contains("packag"))
}

/// A script and where it runs.
#[derive(Clone, Copy)]
pub(super) struct Script<'a> {
    pub text: &'a str,
    pub span: Span,
    pub folder: &'a str,
    /// The folder that relative paths outside it are found from.
    pub top: &'a str,
}

/// The deployments of a script; `built` is what was built before, and what it builds.
pub(super) fn deployments_of_script(
    script: Script<'_>,
    scope: &Scope,
    built: &mut Option<SourceId>,
    origin: Origin,
    around: &Surroundings<'_>,
) -> Vec<Deployment> {
    let mut found = Vec::new();
    if !["sam", "cloudformation"].iter().any(|word| script.text.contains(word)) {
        return found;
    }
    let mut folder = script.folder.to_owned();
    let mut searched = script.span;
    for command in commands(script.text, scope) {
        if let [change, path, ..] = command.words.as_slice()
            && matches!(change.as_str(), "cd" | "pushd")
        {
            folder =
                match path.strip_prefix("$GITHUB_WORKSPACE").or(path.strip_prefix("${{github.workspace}}")) {
                    Some(rest) => join(script.top, rest.trim_start_matches('/')),
                    None => join(&folder, path),
                };
            continue;
        }
        let span = place_of(around.sources, searched, script.text, &command);
        let place = Place { sources: around.sources, folder: &folder, span };
        let Some(read) = of_command(&command, place) else { continue };
        searched = Span { start: span.end, ..script.span };
        match (read.tool, read.verb.as_str()) {
            (Tool::Sam, "build" | "package") => {
                let named = read.settings.template.as_ref();
                let config = around.config(&folder, &read);
                let section =
                    config.and_then(|config| section_of(config, &read)).and_then(|one| one.template);
                *built = match (named, read.verb.as_str()) {
                    // It builds what lies where it runs, whatever was built elsewhere before.
                    (None, "build") => section.or_else(|| template_in(around.sources, &folder)),
                    (None, _) => section.or_else(|| around.template(None, &folder, *built)),
                    (named, _) => around.template(named, &folder, *built),
                };
            }
            (Tool::Sam, "deploy") | (Tool::CloudFormation, "deploy" | "create-stack" | "update-stack") => {
                found.push(deployment(read, &folder, *built, origin.clone(), command.is_fed, around));
            }
            _ => {}
        }
    }
    found
}

fn section_of<'c>(config: &'c SamConfig, read: &Deploying) -> Option<&'c samconfig::Section> {
    match &read.config_env {
        Some(said) => config.section(said.literal()?),
        None => config.section(samconfig::DEFAULT),
    }
}

fn deployment(
    read: Deploying,
    folder: &str,
    built: Option<SourceId>,
    origin: Origin,
    is_fed: bool,
    around: &Surroundings<'_>,
) -> Deployment {
    let config = match read.tool {
        Tool::Sam => around.config(folder, &read),
        Tool::CloudFormation => None,
    };
    let section = config.and_then(|config| section_of(config, &read));
    let settings = match section {
        Some(section) => read.settings.clone().over(&section.settings),
        None => read.settings.clone(),
    };
    let template = match (&read.settings.template, built, section.and_then(|section| section.template)) {
        (None, None, Some(configured)) => Some(configured),
        (named, built, _) => around.template(named.as_ref(), folder, built),
    };
    let template = template.filter(|id| around.templates.contains(id));
    Deployment {
        origin,
        tool: read.tool,
        span: read.head,
        own: read.settings,
        settings,
        config_env: read.config_env,
        config: config.map(|config| config.source),
        template,
        is_fed,
    }
}

/// Where a command stands in its file. A text that YAML unfolds is found by its first line.
fn place_of(sources: &Sources, searched: Span, script: &str, command: &Command) -> Span {
    let written = &script[command.range.clone()];
    let lines: Vec<&str> = written.lines().map(str::trim).collect();
    let Some(first) = lines.first().and_then(|line| find_within(sources, searched, line)) else {
        return searched;
    };
    let rest = Span { start: first.end, ..searched };
    let last = lines.iter().skip(1).try_fold(rest, |rest, line| {
        let found = find_within(sources, rest, line)?;
        Some(Span { start: found.end, ..rest })
    });
    Span { end: last.map_or(first.end, |rest| rest.start.max(first.end)), ..first }
}
