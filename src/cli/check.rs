//! `slslint check`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::baseline::Known;
use super::files::Project;
use super::formats::{self, Format, Output, Styles};
use super::git::Revision;
use super::settings::Settings;
use super::store::Disk;
use super::{
    Colour, Exit, Failure, NO_TEMPLATE, Scope, borrowed, complain, files, fix, progress, severity, watch,
};
use crate::cache::{Cache, Store};
use crate::config::Config;
use crate::edit::Applicability;
use crate::finding::Severity;
use crate::report::{Report, Style};
use crate::source::Fingerprint;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    scope: Scope,

    /// How to write the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Write the report to a file as well, in a format of its own; `-` is standard output (repeatable)
    #[arg(long = "output-format", value_name = "FORMAT=FILE")]
    outputs: Vec<Output>,

    /// End with status 1 from this severity on: info, warning or error
    #[arg(long, value_name = "SEVERITY", default_value = "warning", value_parser = severity)]
    fail_on: Severity,

    /// Which rules run: default, pedantic (more, arguable ones) or preview
    #[arg(long)]
    profile: Option<String>,

    /// Run only these rules or categories (comma separated)
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    select: Vec<String>,

    /// Do not run these rules or categories (comma separated)
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    ignore: Vec<String>,

    /// Check one environment: with the parameters that samconfig, workflows or slslint.toml give it
    #[arg(long, value_name = "NAME")]
    env: Option<String>,

    /// Apply the refactorings that are proved to keep the meaning, for the findings that are shown
    #[arg(long, conflicts_with_all = ["watch", "diff_base", "write_baseline", "prune_baseline"])]
    fix: bool,

    /// Apply those as well that may change what the application does, as `slslint refactor` tells
    #[arg(long, conflicts_with_all = ["watch", "diff_base", "write_baseline", "prune_baseline"])]
    unsafe_fixes: bool,

    /// Name every place that was not understood
    #[arg(long, short)]
    verbose: bool,

    /// When to use colours
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    color: Colour,

    /// Report only what is new since the work left this revision (a branch, a tag, a commit)
    #[arg(long, value_name = "REV")]
    diff_base: Option<String>,

    /// Check again whenever a file changes
    #[arg(long, conflicts_with_all = ["write_baseline", "prune_baseline"])]
    watch: bool,

    #[command(flatten)]
    known: Known,
}

pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    if arguments.watch {
        let root = files::place(&arguments.scope.paths)?.root;
        let written = arguments.outputs.iter().filter_map(Output::written).collect();
        return watch::run(&root, written, || once(arguments));
    }
    once(arguments)
}

fn once(arguments: &Arguments) -> Result<Exit, Failure> {
    let place = files::place(&arguments.scope.paths)?;
    let mut settings = Settings::of(&arguments.scope, &place)?;
    let task = arguments.known.settle(&mut settings, &place.root)?;
    arguments.settle(&mut settings.config);
    let mut project = place.project(settings.config.baseline.clone());
    if let Some(at_least) = arguments.fixes() {
        fix::apply(&project, &settings, at_least)?;
        project = files::place(&arguments.scope.paths)?.project(settings.config.baseline.clone());
    }
    let store = arguments.scope.store(&project);
    let run = Run { arguments, settings: &settings, project: &project, store: borrowed(&store) };
    if let Some(task) = &task {
        let report = run.report()?;
        if report.app.graph.templates.is_empty() {
            complain(NO_TEMPLATE);
            return Ok(Exit::NothingToCheck);
        }
        task.run(&report, &settings.config)?;
        store.iter().for_each(Disk::write);
        return Ok(Exit::Clean);
    }
    let printed = run.printed()?;
    formats::deliver(&printed.texts, &arguments.outputs)?;
    store.iter().for_each(Disk::write);
    arguments.leave(project);
    if printed.templates == 0 {
        complain(NO_TEMPLATE);
        return Ok(Exit::NothingToCheck);
    }
    Ok(match printed.worst.as_deref().and_then(Severity::from_name) {
        Some(worst) if worst >= arguments.fail_on => Exit::Findings,
        _ => Exit::Clean,
    })
}

impl Arguments {
    /// Puts what the command line says on top of the settings.
    fn settle(&self, config: &mut Config) {
        config.today = today();
        if self.profile.is_some() {
            config.profile.clone_from(&self.profile);
        }
        if !self.select.is_empty() {
            config.select.clone_from(&self.select);
        }
        config.ignore.extend(self.ignore.iter().cloned());
        config.environment.clone_from(&self.env);
    }

    /// Lets go of what a run has read. Where the process ends soon it is not freed: to free its values one
    /// by one takes longer than to write them. A watch goes on, and would keep those of every run.
    fn leave<T>(&self, read: T) {
        if !self.watch {
            std::mem::forget(read);
        }
    }

    /// Which refactorings are made before the check.
    fn fixes(&self) -> Option<Applicability> {
        match (self.fix, self.unsafe_fixes) {
            (_, true) => Some(Applicability::Unsafe),
            (true, _) => Some(Applicability::Safe),
            _ => None,
        }
    }

    fn styles(&self, project: &Project) -> Styles {
        let local = Style {
            colours: self.color.on(),
            width: terminal_width(),
            verbose: self.verbose,
            root: project.shown_root.clone(),
        };
        Styles { from_top: Style { root: files::from_top(project), ..local.clone() }, local }
    }
}

/// Columns of the terminal that is printed to, within what can be read.
fn terminal_width() -> Option<usize> {
    let size = terminal_size::terminal_size().filter(|_| io::stdout().is_terminal());
    size.map(|(width, _)| usize::from(width.0).clamp(60, 120))
}

/// One run over one state of the files.
struct Run<'a> {
    arguments: &'a Arguments,
    settings: &'a Settings,
    project: &'a Project,
    store: Option<&'a dyn Store>,
}

impl<'a> Run<'a> {
    /// What is to be printed; kept from a run before if nothing has changed since.
    fn printed(&self) -> Result<Printed, Failure> {
        let Self { arguments, settings, project, store } = self;
        let before = self.before()?;
        let (format, outputs) = (arguments.format, arguments.outputs.as_slice());
        let styles = arguments.styles(project);
        let cache = store.map(|store| Cache::new(store, &project.sources));
        // What is printed is a function of the sources and of these.
        let since = before.as_ref().map(|before| (&before.revision, &before.renames));
        let asked = format!("{:?} {styles:?} {format:?} {outputs:?} {since:?}", settings.config);
        let kept = cache.and_then(|cache| cache.recall::<Printed>("report", &asked));
        if let Some(printed) = kept.filter(|printed| printed.is_measured_alike(project)) {
            return Ok(printed);
        }
        let mut report = self.report()?;
        if let Some(before) = before {
            report.keep_new(&before.revision.name, &before.fingerprints(self)?);
        }
        let printed = Printed {
            texts: formats::texts(&mut report, format, outputs, &styles),
            templates: report.app.graph.templates.len(),
            worst: report.worst().map(|severity| severity.name().to_owned()),
            measured: project.sources.measured(),
        };
        arguments.leave(report);
        if let Some(cache) = cache {
            cache.keep("report", &asked, project.sources.loaded(), &printed);
        }
        Ok(printed)
    }

    fn report(&self) -> Result<Report<'a>, Failure> {
        let Self { settings, project, store, .. } = *self;
        progress::during("checking", &project.sources, || {
            crate::lint(&project.sources, &settings.config, store)
        })
        .map_err(|error| settings.failure(&error))
    }

    fn before(&self) -> Result<Option<Before>, Failure> {
        let Some(name) = &self.arguments.diff_base else { return Ok(None) };
        let revision = Revision::base(&self.project.root, name)?;
        revision.note.iter().for_each(|note| complain(note));
        let renames = revision.renames()?;
        Ok(Some(Before { revision, renames }))
    }
}

/// The state that a change started from.
struct Before {
    revision: Revision,
    renames: BTreeMap<String, String>,
}

impl Before {
    /// What was found then, by the rules and the settings of now.
    fn fingerprints(&self, run: &Run<'_>) -> Result<BTreeSet<String>, Failure> {
        let (config, project) = (&run.settings.config, run.project);
        let sources = self.revision.sources(&project.root, &project.sources, &config.guard)?;
        let known = config.baseline.clone().filter(|path| sources.find(path).is_some());
        let config = Config { renamed: self.renames.clone(), baseline: known, ..config.clone() };
        let lint = |config: &Config| crate::lint(&sources, config, run.store);
        let what = format!("checking {}", self.revision.name);
        let report = progress::during(&what, &sources, || {
            // A baseline that could not be read then knows nothing.
            lint(&config).or_else(|_| lint(&Config { baseline: None, ..config.clone() }))
        });
        Ok(report.map_err(|error| run.settings.failure(&error))?.fingerprints())
    }
}

/// The outcome of a run, as it is kept for a run in which nothing has changed.
#[derive(Serialize, Deserialize)]
struct Printed {
    texts: Vec<String>,
    templates: usize,
    /// The name of the most severe severity.
    worst: Option<String>,
    /// Sizes that it depends on, by path; no text tells them.
    measured: Vec<(String, Option<Fingerprint>)>,
}

impl Printed {
    fn is_measured_alike(&self, project: &Project) -> bool {
        let now = |path: &str| project.sources.measure(path).map(|measure| measure.fingerprint());
        self.measured.iter().all(|(path, then)| now(path) == *then)
    }
}

/// The day by the system clock, in UTC.
fn today() -> Option<String> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    Some(day(seconds / 86_400))
}

/// The civil date of a day counted from 1970-01-01 (Howard Hinnant's `civil_from_days`, for days
/// after the epoch).
fn day(days: u64) -> String {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_are_civil_dates() {
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(11_016), "2000-02-29");
        assert_eq!(day(20_782), "2026-11-25");
    }
}
