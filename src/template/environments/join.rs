//! The environments of one template, joined from all that is said of its deployments.

use std::collections::{BTreeMap, BTreeSet};

use super::deploying::{Deployment, Origin};
use super::overrides::parameter_file;
use super::said::{Said, whole};
use crate::aws::arn::{Arn, is_account};
use crate::aws::environment_names::{self, is_environment_parameter, names_environments};
use crate::source::{SourceId, Sources, Span, parent};
use crate::template::value::{Value, ValueKind};
use crate::template::{Parameter, Template, World};

/// One environment that a template is deployed to.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    pub name: String,
    /// Where it is first said; `None` for one that only the settings of the project name.
    pub span: Option<Span>,
    /// What its deployments give; a value that they do not agree on is open.
    pub parameters: BTreeMap<String, Said>,
    /// More parameters may be given than can be read.
    pub is_open: bool,
    pub stack_name: Option<Said>,
    pub region: Option<Said>,
    pub profile: Option<Said>,
    /// Roles that it is deployed with.
    pub roles: Vec<Said>,
    /// Account numbers, as far as roles and settings tell.
    pub accounts: BTreeSet<String>,
    pub is_production: bool,
    /// Only a value that a parameter allows: no file deploys it.
    pub is_possible_only: bool,
    /// Its deployments, as places in the list of all.
    pub deployments: Vec<usize>,
}

/// An environment as the settings of the project declare it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    pub parameters: BTreeMap<String, String>,
    pub stack_name: Option<String>,
    pub region: Option<String>,
    pub account: Option<String>,
    pub production: Option<bool>,
}

impl Template {
    /// The parameter that tells deployments of the template apart, if it is used.
    pub fn environment_parameter(&self) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| is_environment_parameter(&parameter.name.text))
    }

    /// The parameter whose values are names of environments.
    pub fn naming_parameter(&self) -> Option<&Parameter> {
        let text = |parameter: &&Parameter| !parameter.kind.starts_with("AWS::");
        let mut named = self.parameters.iter().filter(|parameter| names_environments(&parameter.name.text));
        named.find(text)
    }

    pub fn environment(&self, name: &str) -> Option<&Environment> {
        let same = |environment: &&Environment| environment.name.eq_ignore_ascii_case(name);
        let by_kind = || {
            let kind = environment_names::kind(name)?;
            let mut of_kind =
                self.environments.iter().filter(|one| environment_names::kind(&one.name) == Some(kind));
            of_kind.next().filter(|_| of_kind.next().is_none())
        };
        self.environments.iter().find(same).or_else(by_kind)
    }

    /// The world of an environment: its parameters, and the defaults of those it does not give.
    pub fn world_of(&self, environment: &Environment) -> World {
        let mut world = self.world(environment.values());
        for (name, said) in &environment.parameters {
            if said.is_open() {
                world.forget(name);
            }
        }
        world
    }

    /// Environments that files or settings deploy, and not only allowed values.
    pub fn deployed_environments(&self) -> impl Iterator<Item = &Environment> {
        self.environments.iter().filter(|environment| !environment.is_possible_only)
    }
}

impl Environment {
    /// The parameters whose values are known.
    pub fn values(&self) -> Vec<(String, Value)> {
        let known = self.parameters.iter().filter(|(_, said)| !said.is_open());
        known
            .map(|(name, said)| {
                (name.clone(), Value { span: said.span, kind: ValueKind::String(said.text.clone()) })
            })
            .collect()
    }
}

pub(super) fn environments(
    sources: &Sources,
    template: &Template,
    all: &[Deployment],
    declared: &BTreeMap<String, Declared>,
) -> Vec<Environment> {
    let mut found: Vec<Environment> = Vec::new();
    let own = all.iter().enumerate().filter(|(_, one)| one.template == Some(template.source));
    for (index, deployment) in own {
        let Some(name) = name_of(Some(template), deployment) else { continue };
        add(&mut found, name, deployment, index);
    }
    for (file, kind) in parameter_files(sources, template) {
        let Some(read) = parameter_file(sources, file) else { continue };
        let given: BTreeSet<&str> = read.iter().map(|(name, _)| name.text.as_str()).collect();
        if given.is_empty() || !given.iter().all(|name| template.parameter(name).is_some()) {
            continue;
        }
        let environment = entry(&mut found, kind, whole(sources, file));
        for (name, said) in read {
            environment.parameters.entry(name.text).or_insert(said);
        }
    }
    add_allowed(template, &mut found);
    for (name, declared) in declared {
        declare(&mut found, name, declared, template);
    }
    let naming = template.naming_parameter();
    for environment in &mut found {
        let value = naming.and_then(|parameter| environment.parameters.get(&parameter.name.text));
        let named = value.and_then(Said::literal).unwrap_or(&environment.name);
        environment.is_production |= environment_names::is_production(named);
    }
    found
}

/// What the environment of a deployment is called. `template` is its template, where that is known.
pub fn name_of(template: Option<&Template>, deployment: &Deployment) -> Option<String> {
    if let Some(said) = said_name(template, deployment) {
        return said.literal().map(str::to_owned);
    }
    let stack = deployment.own.stack_name.as_ref()?.literal()?;
    let part = |part: &&str| environment_names::kind(part).is_some();
    environment_names::kind(stack)?;
    stack.split(['-', '_']).find(part).map(str::to_owned)
}

/// Where it is said which environment a deployment is of, other than by a word of its stack's name.
pub fn said_name<'d>(template: Option<&Template>, deployment: &'d Deployment) -> Option<&'d Said> {
    let of_origin = || match &deployment.origin {
        Origin::Job(job) => job.environment.as_ref(),
        Origin::Pipeline(environment) => environment.as_ref(),
        Origin::Config | Origin::Script => None,
    };
    deployment.config_env.as_ref().or_else(|| naming_override(template, deployment)).or_else(of_origin)
}

/// What a deployment gives to the parameter whose values are names of environments.
fn naming_override<'d>(template: Option<&Template>, deployment: &'d Deployment) -> Option<&'d Said> {
    let overrides = &deployment.own.overrides;
    match template {
        Some(template) => overrides.get(&template.naming_parameter()?.name.text),
        None => {
            let named = overrides.entries.iter().find(|(name, _)| names_environments(&name.text));
            named.map(|(_, said)| said)
        }
    }
}

fn entry(found: &mut Vec<Environment>, name: String, span: Span) -> &mut Environment {
    let place = found.iter().position(|known| known.name.eq_ignore_ascii_case(&name));
    let place = place.unwrap_or_else(|| {
        found.push(Environment { name, span: Some(span), ..Environment::default() });
        found.len() - 1
    });
    &mut found[place]
}

fn add(found: &mut Vec<Environment>, name: String, deployment: &Deployment, index: usize) {
    let environment = entry(found, name, deployment.span);
    let first = environment.deployments.is_empty();
    environment.deployments.push(index);
    let settings = &deployment.settings;
    environment.is_open |= settings.overrides.is_open;
    for (name, said) in &settings.overrides.entries {
        match environment.parameters.get_mut(&name.text) {
            Some(known) if known.text != said.text => known.text = format!("${{{}}}", name.text),
            Some(_) => {}
            None => {
                environment.parameters.insert(name.text.clone(), said.clone());
            }
        }
    }
    let merge = |known: &mut Option<Said>, new: &Option<Said>| match (known.as_mut(), new) {
        (Some(known), Some(new)) if known.text != new.text => known.text = "$?".to_owned(),
        (None, Some(new)) => *known = Some(new.clone()),
        _ => {}
    };
    merge(&mut environment.stack_name, &settings.stack_name);
    merge(&mut environment.region, &settings.region);
    if first {
        environment.profile.clone_from(&settings.profile);
    }
    let credentials = deployment.job().and_then(|job| job.credentials.as_ref());
    if settings.region.is_none() {
        merge(&mut environment.region, &credentials.and_then(|credentials| credentials.region.clone()));
    }
    let assumed = credentials.and_then(|credentials| credentials.role.clone());
    for role in settings.role.iter().chain(&assumed) {
        environment.accounts.extend(account_of(&role.text));
        if !environment.roles.iter().any(|known| known.text == role.text) {
            environment.roles.push(role.clone());
        }
    }
    let allowed = credentials.and_then(|credentials| credentials.allowed_accounts.as_ref());
    let allowed = allowed.into_iter().flat_map(|said| said.text.split(',')).map(str::trim);
    environment.accounts.extend(allowed.filter(|text| is_account(text)).map(str::to_owned));
}

/// The account of a role's ARN, where it is written out.
pub fn account_of(role: &str) -> Option<String> {
    Arn::parse(role)?.literal_account().map(str::to_owned)
}

/// Values of the parameter that names environments, as far as no file deploys them.
fn add_allowed(template: &Template, found: &mut Vec<Environment>) {
    let Some(parameter) = template.naming_parameter() else { return };
    let name = &parameter.name.text;
    for value in &parameter.allowed_values {
        let Some(text) = value.scalar().filter(|text| !text.is_empty()) else { continue };
        let there = found.iter().any(|known| {
            known.name.eq_ignore_ascii_case(&text)
                || known.parameters.get(name).is_some_and(|said| said.text == text)
        });
        if there {
            // A file names the environment and leaves the parameter to what follows from it.
            continue;
        }
        let said = Said::new(text.clone().into_owned(), value.span);
        found.push(Environment {
            name: text.into_owned(),
            span: Some(value.span),
            parameters: [(name.clone(), said)].into(),
            is_possible_only: true,
            ..Environment::default()
        });
    }
}

fn declare(found: &mut Vec<Environment>, name: &str, declared: &Declared, template: &Template) {
    let place = found.iter().position(|known| known.name.eq_ignore_ascii_case(name));
    let place = place.unwrap_or_else(|| {
        found.push(Environment { name: name.to_owned(), ..Environment::default() });
        found.len() - 1
    });
    let environment = &mut found[place];
    environment.is_possible_only = false;
    let span = environment.span.unwrap_or(Span::new(template.source, 0, 0));
    let said = |text: &String| Said::new(text.clone(), span);
    for (name, text) in declared.parameters.iter().filter(|(name, _)| template.parameter(name).is_some()) {
        environment.parameters.insert(name.clone(), said(text));
    }
    if let Some(account) = &declared.account {
        environment.accounts = [account.clone()].into();
    }
    environment.region = declared.region.as_ref().map(said).or(environment.region.take());
    environment.stack_name = declared.stack_name.as_ref().map(said).or(environment.stack_name.take());
    environment.is_production = declared.production.unwrap_or(environment.is_production);
}

/// Files of parameters beside a template, or in a folder for them, that are named for an environment.
fn parameter_files(sources: &Sources, template: &Template) -> Vec<(SourceId, String)> {
    let folder = parent(&template.path);
    let mut found = Vec::new();
    for id in sources.under(folder) {
        let path = sources.path(id);
        let rest = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
        let (place, name) = rest.rsplit_once('/').unwrap_or(("", rest));
        let Some((stem, ending)) = name.rsplit_once('.') else { continue };
        let said_so = stem.contains("param") || place.contains("param") || ending == "params";
        if place.contains('/') || !said_so || !matches!(ending, "json" | "params") {
            continue;
        }
        let part = |part: &&str| environment_names::kind(part).is_some();
        if let Some(name) = stem.split(['-', '_', '.']).find(part) {
            found.push((id, name.to_owned()));
        }
    }
    found
}
