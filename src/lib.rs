//! slslint: an architecture linter and refactoring advisor for AWS serverless applications.
//!
//! It reads SAM templates **and** handler source, links both to one graph of functions, routes,
//! tables, queues, state machines, layers and permissions, and says what to change, with proof.
//!
//! # Separate compilation
//!
//! *Each handler is compiled on its own to a [`summary::Summary`]; the template links summaries into
//! a [`graph::Graph`]; rules read the graph.*
//!
//! ```text
//!  app.py  app.ts ─▶ frontend ─▶ ir ─▶ interpret ─▶ summary ─┐                ┌─▶ rules ─┐
//!                    └──── per handler, cached by digest ────┘                │          ├─▶ finding ─▶ report
//!                                                            ├─▶ graph ───────┤          │
//!  template.yaml ─▶ yaml ─▶ template ────────────────────────┘                └─▶ guard ─┘
//!  openapi.yaml, *.asl.json join at template; manifests and lock files at graph, through packages
//! ```
//!
//! Languages meet at [`ir`]. Code and template meet at [`graph`]. Outputs meet at [`finding`]. A new
//! language, rule or format is one file:
//!
//! | to add | write | and name it in |
//! |---|---|---|
//! | a rule | `src/rules/<category>/<id>.rs` and cases in `corpus/<category>/<id>/` | `src/rules/mod.rs` |
//! | a refactoring | `src/refactor/<id>.rs` and cases in `tests/refactorings/<id>/` | `src/refactor/mod.rs` |
//! | a rule about one node | `rules/<category>/<id>.guard`, facts in `src/guard/view/` | `src/guard/mod.rs` |
//! | a language | `src/frontend/<language>/` | `src/frontend/mod.rs` |
//! | a lock file or manifest | `src/packages/<format>.rs` | `src/packages/mod.rs` |
//! | a library or SDK | a row of a table in `src/aws/` | - |
//! | a format | `src/report/<format>.rs` | `src/report/mod.rs`, `src/cli/formats.rs` |
//!
//! # Invariants, spoken as absences
//!
//! * No stage fails: each gives what it could read and the [`evidence::Problem`]s it met.
//! * No stage knows the file system, the clock or the terminal; only [`cli`] does.
//! * A summary knows no template, so a digest of its code is a correct cache key.
//! * A rule asks the graph only: it knows neither YAML nor syntax trees.
//! * No hash order reaches an output. No `unsafe`, no global state.
//! * A panic in one rule or one handler becomes a problem that names it; the run goes on.
//!
//! Who may know whom is a table in `tests/architecture.rs`, and a test that keeps it.

pub mod aws;
pub mod baseline;
pub mod cache;
pub mod cli;
pub mod config;
pub mod edit;
pub mod evidence;
pub mod finding;
pub mod frontend;
pub mod graph;
pub mod guard;
pub mod handlers;
pub mod interpret;
pub mod ir;
pub mod outline;
pub mod packages;
pub mod refactor;
pub mod report;
pub mod rule;
pub mod rules;
pub mod source;
pub mod summary;
pub mod suppress;
pub mod template;
pub mod yaml;

use cache::{Cache, Store};
use config::{Config, ConfigError, Severities};
use evidence::Problem;
use finding::Finding;
use graph::App;
use report::Report;
use rule::{Meta, Rule};
use source::Sources;
use template::{Name, Template, environments};

/// Checks all applications in some sources. The report is the same with a store as without.
///
/// # Errors
/// A configuration that names rules, profiles or severities that do not exist.
pub fn lint<'a>(
    sources: &'a Sources,
    config: &Config,
    store: Option<&dyn Store>,
) -> Result<Report<'a>, ConfigError> {
    let mut rules = rules::all();
    let shipped: Vec<&str> = rules.iter().map(|rule| rule.meta().id.as_ref()).collect();
    let (own, broken) = guard::of_project(sources, &config.guard, &shipped);
    rules.extend(own.iter().map(|policy| policy as &dyn Rule));
    rules.sort_by(|a, b| a.meta().id.cmp(&b.meta().id));
    let known: Vec<&Meta> = rules.iter().map(|rule| rule.meta()).collect();
    config.validate(&known)?;

    let (app, mut problems) = analyse(sources, config, store)?;
    problems.extend(broken);
    let running: Vec<&dyn Rule> = rules.iter().copied().filter(|rule| config.runs(rule.meta())).collect();
    let mut found = rule::run(&running, &app);
    found.findings.retain(|finding| present(finding, &app));
    for finding in &mut found.findings {
        finding.world = finding.world.take().or_else(|| world_of(finding, &app));
    }
    let suppressed = suppress::apply(&mut found.findings, &app, config, &known);
    problems.append(&mut found.problems);
    problems.extend(unknown_services(&app, config));
    let mut findings = weighed(found.findings, &app, config, &known)?;
    finding::sort(&mut findings);
    finding::stamp(&mut findings, sources, |path| config.known_as(path));
    let baseline = baseline::apply(&mut findings, sources, &problems, config, &known)?;
    finding::sort(&mut findings);
    Ok(Report {
        app,
        findings,
        suppressed,
        baseline,
        older: None,
        abstentions: found.abstentions,
        problems,
        rules: running.iter().map(|rule| rule.meta().clone()).collect(),
    })
}

/// The findings that the configuration wants reported, with the severities it gives them.
fn weighed(
    findings: Vec<Finding>,
    app: &App<'_>,
    config: &Config,
    known: &[&Meta],
) -> Result<Vec<Finding>, ConfigError> {
    let severities = Severities::of(config)?;
    let weighed = |mut finding: Finding| {
        if let Some(meta) = known.iter().find(|meta| meta.id == finding.rule) {
            let path = app.sources.path(finding.span.source);
            finding.severity =
                severities.severity(meta, finding.severity, path, &services_of(&finding, app))?;
        }
        Some(finding)
    };
    Ok(findings.into_iter().filter_map(weighed).collect())
}

/// The services that a finding is about.
fn services_of<'a>(finding: &Finding, app: &'a App<'_>) -> Vec<&'a str> {
    let named = |path: &String| app.templates().find(|(_, template)| template.path == *path);
    let Some((template, _)) = finding.template.as_ref().and_then(named) else { return Vec::new() };
    let ids = finding.functions.iter().chain(&finding.resource);
    ids.filter_map(|id| Some(app.services.of(template, id)?.name.as_str())).collect()
}

/// Services that have severities of their own and do not exist. In a part of the project others may be
/// all there are.
fn unknown_services(app: &App<'_>, config: &Config) -> Vec<Problem> {
    if !config.root.is_empty() || !config.paths.is_empty() {
        return Vec::new();
    }
    let known: Vec<&str> = app.services.all.iter().map(|service| service.name.as_str()).collect();
    let named = config.overrides.iter().flat_map(|part| &part.services);
    let unknown = named.filter(|name| !known.contains(&name.as_str()));
    unknown
        .map(|name| Problem {
            path: String::new(),
            span: None,
            text: format!("an override is for the service `{name}`, and there is none of that name"),
            help: Some(format!("the services are {}", known.join(", "))),
            related: None,
        })
        .collect()
}

/// Whether what a finding is about is there in the environment that was asked for.
fn present(finding: &Finding, app: &App<'_>) -> bool {
    let conditions = conditions_of(finding, app);
    !conditions.into_iter().any(|(template, condition)| {
        !template.fixed.is_empty() && template.world([]).holds(&condition.text) == Some(false)
    })
}

/// The environments that have what a finding is about, where not all have it.
fn world_of(finding: &Finding, app: &App<'_>) -> Option<String> {
    let conditions = conditions_of(finding, app);
    let (template, condition) = conditions.first()?;
    graph::only_in(template, |world| world.holds(&condition.text))
}

/// The conditions of the resources a finding is about.
fn conditions_of<'a>(finding: &Finding, app: &'a App<'_>) -> Vec<(&'a Template, &'a Name)> {
    let ids = finding.functions.iter().chain(&finding.resource);
    let path = finding.template.as_deref();
    let template = app.templates().map(|(_, template)| template).find(|one| Some(one.path.as_str()) == path);
    let of = |id: &String| template.and_then(|one| Some((one, one.resource(id)?.condition.as_ref()?)));
    ids.filter_map(of).collect()
}

/// Reads templates and handlers and links them to one graph.
///
/// # Errors
/// An `exclude` that is no glob.
pub fn analyse<'a>(
    sources: &'a Sources,
    config: &Config,
    store: Option<&dyn Store>,
) -> Result<(App<'a>, Vec<Problem>), ConfigError> {
    let excluded = config.excluded()?;
    let mut read = template::parse_all(sources, &excluded, &config.paths);
    let declared = config.environments.iter().map(|(name, one)| (name.clone(), one.declared())).collect();
    let mut deployments = environments::gather(sources, &excluded, &mut read.templates, &declared);
    deployments.single_account = config.single_account;
    if let Some(name) = &config.environment {
        environments::choose(&mut read.templates, name)
            .map_err(|text| ConfigError { text, ..ConfigError::default() })?;
    }
    let (mut graph, linking) = graph::link(read.templates, sources);
    let cache = store.map(|store| Cache::new(store, sources));
    let (code, handling) = handlers::link(&mut graph, sources, cache.as_ref());
    graph::relate(&mut graph);
    let (services, declaring) = graph::services::detect(&graph, sources, &config.services, &config.contracts);
    let problems = read.problems.into_iter().chain(linking).chain(handling).chain(declaring).collect();
    let app = App::new(sources, graph, services, deployments, read.skipped);
    app.keep(code);
    Ok((app, problems))
}
