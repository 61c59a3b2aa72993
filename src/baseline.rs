//! Findings that were there before: a file of them, so that only new ones are reported.
//!
//! An entry knows a finding by its fingerprint, so it stays when lines move. The file only shrinks by
//! itself: an entry whose finding is gone is reported until it is taken out, and a new finding comes
//! in only when someone writes the file anew.

mod file;

use std::collections::{BTreeMap, BTreeSet};

pub use file::{Baseline, Entry, FILE_NAME};

use crate::config::{Config, ConfigError, Severities};
use crate::evidence::Problem;
use crate::finding::{self, Finding};
use crate::graph::App;
use crate::rule::{Found, Meta, Rule, rule};
use crate::source::Sources;

rule! {
    /// ## What it does
    /// Finds entries of the baseline whose finding is no more.
    ///
    /// ## Why it matters
    /// It was mended, or what it is about has gone. Left in the baseline, the entry would hide the same
    /// finding when it comes back.
    ///
    /// ## Example
    /// ```toml
    /// [[finding]]
    /// fingerprint = "0123456789abcdef"
    /// rule = "gateway-timeout"
    /// file = "template.yaml"
    /// message = "`GetOrder` may run 60 s, but a REST API waits 29 s"
    /// ```
    /// after the timeout was set to 20.
    ///
    /// ## Use instead
    /// `slslint check --prune-baseline` takes such entries out.
    ///
    /// ## When to keep it
    /// Never; where the baseline is pruned by a job of its own, turn the rule off.
    pub STALE_BASELINE_ENTRY = {
        id: "stale-baseline-entry",
        category: Suppression,
        severity: Warning,
        summary: "entry of the baseline whose finding is no more",
        check,
    }
}

/// The rule above sees the baseline, which no application has: [`apply`] finds for it.
fn check(_app: &App<'_>, _found: &mut Found) {}

/// The rules about the baseline.
pub fn rules() -> [&'static dyn Rule; 1] {
    [&STALE_BASELINE_ENTRY]
}

/// How the findings of a run compare with a baseline.
#[derive(Debug, Default)]
pub struct Compared {
    /// Findings that it knows.
    pub known: Vec<Finding>,
    /// Fingerprints of its entries whose finding is no more.
    pub stale: BTreeSet<String>,
}

/// Takes the findings that the baseline of the configuration knows out of `findings`, and adds a
/// finding for each of its entries that is stale; `None` where there is no baseline.
///
/// `known` are all rules there are. Entries of those that did not run, and entries about files that were
/// not looked at or not read, are left unjudged.
///
/// # Errors
/// A baseline that cannot be read.
pub fn apply(
    findings: &mut Vec<Finding>,
    sources: &Sources,
    problems: &[Problem],
    config: &Config,
    known_rules: &[&Meta],
) -> Result<Option<Compared>, ConfigError> {
    let Some(path) = &config.baseline else { return Ok(None) };
    let source = sources.find(path).ok_or_else(|| file::missing(path))?;
    let baseline = Baseline::read(sources, source)?;
    let entries: BTreeMap<&str, &Entry> =
        baseline.entries.iter().map(|entry| (entry.fingerprint.as_str(), entry)).collect();
    let (known, new): (Vec<Finding>, Vec<Finding>) = std::mem::take(findings)
        .into_iter()
        .partition(|finding| entries.contains_key(finding.fingerprint.as_str()));
    *findings = new;
    let met: BTreeSet<&str> = known.iter().map(|finding| finding.fingerprint.as_str()).collect();
    let judged = Judged::of(problems, config, known_rules);
    let stale: Vec<&Entry> = entries
        .into_values()
        .filter(|entry| !met.contains(entry.fingerprint.as_str()) && judged.judges(entry))
        .collect();
    let meta = &STALE_BASELINE_ENTRY.meta;
    if let Some(severity) = Severities::of(config)?.severity(meta, meta.severity, path, &[]) {
        let finding = |entry: &&Entry| {
            let message = format!("the finding of `{}` in {} is no more", entry.rule, entry.file);
            let finding = Finding::at(file::span(source, entry), message);
            let help = "`slslint check --prune-baseline` takes the entry out";
            Finding { rule: meta.id.clone(), severity, ..finding.help(help) }
        };
        let mut reported: Vec<Finding> = stale.iter().map(finding).collect();
        finding::stamp(&mut reported, sources, |path| config.known_as(path));
        findings.append(&mut reported);
    }
    let stale = stale.into_iter().map(|entry| entry.fingerprint.clone()).collect();
    Ok(Some(Compared { known, stale }))
}

/// What a run can tell of.
struct Judged<'a> {
    /// Whether each rule there is ran.
    rules: BTreeMap<&'a str, bool>,
    /// Files that could not be read, as seen from the top of the repository.
    unread: BTreeSet<String>,
    /// Paths that were asked for, as seen from there.
    asked: Vec<String>,
}

impl<'a> Judged<'a> {
    fn of(problems: &[Problem], config: &Config, known: &[&'a Meta]) -> Self {
        let asked = if config.paths.is_empty() { vec![String::new()] } else { config.paths.clone() };
        Self {
            rules: known.iter().map(|meta| (meta.id.as_ref(), config.runs(meta))).collect(),
            unread: problems.iter().map(|problem| config.from_top(&problem.path)).collect(),
            asked: asked.iter().map(|path| config.from_top(path)).collect(),
        }
    }

    /// Whether this run would have found it, if it were still there. A rule that is no more finds
    /// nothing.
    fn judges(&self, entry: &Entry) -> bool {
        let template = entry.template.as_deref().unwrap_or(&entry.file);
        let below = |folder: &String| {
            folder.is_empty() || template == folder || template.starts_with(&format!("{folder}/"))
        };
        let ran = self.rules.get(entry.rule.as_str()).copied().unwrap_or(true);
        let was_read = !self.unread.contains(template) && !self.unread.contains(&entry.file);
        ran && was_read && self.asked.iter().any(below)
    }
}
