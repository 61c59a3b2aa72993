//! The outcome of a run, and its outer forms: one file per format.

mod account;
mod agent;
mod concise;
mod difference;
mod environments;
mod github;
mod gitlab;
mod json;
mod junit;
mod markdown;
mod metrics;
mod pages;
mod refactorings;
mod sarif;
#[cfg(test)]
mod testing;
mod text;

pub use account::account;
pub use agent::agent;
pub use concise::concise;
pub use difference::{difference_json, difference_markdown, difference_text};
pub use environments::{environments_json, environments_text};
pub use github::github;
pub use gitlab::gitlab;
pub use json::json;
pub use junit::junit;
pub use markdown::markdown;
pub use metrics::{metrics_json, metrics_text};
pub use pages::{page, pages};
pub use refactorings::{Refactorings, refactorings_json, refactorings_text};
pub use sarif::sarif;
pub use text::text;

use std::collections::BTreeSet;

use crate::baseline::Compared;
use crate::evidence::{Certainty, Problem};
use crate::finding::{self, Finding, Severity};
use crate::graph::{App, Function, SourceState, Unread};
use crate::refactor::answers;
use crate::rule::{Abstention, Meta};
use crate::source::{Position, Sources, Span};

/// Everything a run has to say.
#[derive(Debug)]
pub struct Report<'a> {
    pub app: App<'a>,
    pub findings: Vec<Finding>,
    /// How many findings the project has answered.
    pub suppressed: usize,
    /// How they compare with the baseline, where there is one.
    pub baseline: Option<Compared>,
    /// The findings that were there before a change, where only those after it are asked for.
    pub older: Option<Older>,
    pub abstentions: Vec<Abstention>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Rules that ran.
    pub rules: Vec<Meta>,
}

/// What was there before a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Older {
    /// The revision, as the reader named it.
    pub since: String,
    pub findings: usize,
}

/// What a run looked at, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub templates: usize,
    pub resources: usize,
    pub functions: usize,
    /// Functions whose code was looked for.
    pub handlers: usize,
    /// Handlers whose code was read.
    pub read: usize,
    /// Handlers in languages that are not read yet.
    pub foreign: usize,
    /// Handlers followed to the end on every path.
    pub followed: usize,
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
    /// Rules that held back somewhere.
    pub abstaining: usize,
}

impl Report<'_> {
    /// Gives the findings the refactorings that answer them. Each is made on trial, so it costs more than
    /// the check may where nobody reads them.
    pub fn look_for_changes(&mut self) {
        answers::attach(&self.app, &mut self.findings);
    }

    /// Puts findings that have one cause together, for readers who read them all. Whoever keeps findings
    /// from one run to the next wants each place with a fingerprint of its own.
    pub fn group(&mut self) {
        finding::group(&mut self.findings);
    }

    pub fn counts(&self) -> Counts {
        let functions = &self.app.graph.functions;
        let of = |severity| self.findings.iter().filter(|finding| finding.severity == severity).count();
        let states = || functions.iter().map(|function| &function.behaviour.state);
        let summaries = || functions.iter().filter_map(|function| function.behaviour.summary.as_deref());
        Counts {
            templates: self.app.graph.templates.len(),
            resources: self.app.resources().count(),
            functions: functions.len(),
            handlers: states().filter(|state| **state != SourceState::NotRead).count(),
            read: summaries().count(),
            foreign: functions.iter().filter(|function| is_foreign(function)).count(),
            followed: summaries().filter(|summary| summary.is_followed()).count(),
            errors: of(Severity::Error),
            warnings: of(Severity::Warning),
            infos: of(Severity::Info),
            abstaining: self
                .abstentions
                .iter()
                .map(|abstention| &abstention.rule)
                .collect::<BTreeSet<_>>()
                .len(),
        }
    }

    /// How many findings the baseline knows.
    pub fn baselined(&self) -> usize {
        self.baseline.as_ref().map_or(0, |compared| compared.known.len())
    }

    /// Fingerprints of all that was found, whether the baseline knows it or not.
    pub fn fingerprints(&self) -> BTreeSet<String> {
        let known = self.baseline.iter().flat_map(|compared| &compared.known);
        self.findings.iter().chain(known).map(|finding| finding.fingerprint.clone()).collect()
    }

    /// Takes out what was found before a change.
    pub fn keep_new(&mut self, since: &str, before: &BTreeSet<String>) {
        let all = self.findings.len();
        self.findings.retain(|finding| !before.contains(&finding.fingerprint));
        self.older = Some(Older { since: since.to_owned(), findings: all - self.findings.len() });
    }

    /// The most severe finding.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}

/// How a report is written.
#[derive(Clone, Debug, Default)]
pub struct Style {
    pub colours: bool,
    /// Columns of the terminal; 100 where there is none.
    pub width: Option<usize>,
    /// Names every unknown and every abstention.
    pub verbose: bool,
    /// What the user calls the analysed root; put before paths so that they lead somewhere from
    /// where the user stands.
    pub root: String,
}

impl Style {
    fn path(&self, path: &str) -> String {
        match self.root.as_str() {
            "" | "." => path.to_owned(),
            root if path.is_empty() => root.to_owned(),
            root => crate::source::join_display(root, path),
        }
    }
}

/// The code is there, and no front end reads its language.
fn is_foreign(function: &Function) -> bool {
    function.behaviour.unread == Some(Unread::Language)
}

/// The file and the position of a span, as the reader of a report is told them.
fn place(sources: &Sources, span: Span, style: &Style) -> (String, Position) {
    (style.path(sources.path(span.source)), sources.position(span.source, span.start))
}

/// The first line of a span: a block is named by its head.
fn head(sources: &Sources, span: Span) -> Span {
    let first_line = sources.slice(span).split(['\n', '\r']).next().unwrap_or_default().trim_end();
    Span::new(span.source, span.start as usize, span.start as usize + first_line.len())
}

/// The message, with the worlds it holds in.
fn said(finding: &Finding) -> String {
    match &finding.world {
        Some(world) => format!("{} ({world})", finding.message),
        None => finding.message.clone(),
    }
}

fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::May => "may",
        Certainty::Must => "must",
    }
}

/// How much was found, in a line without a full stop.
fn found_line(report: &Report<'_>, counts: &Counts) -> String {
    let mut found: Vec<String> = [(counts.errors, "error"), (counts.warnings, "warning")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| counted(count, noun))
        .collect();
    if counts.infos > 0 {
        found.push(format!("{} info", counts.infos));
    }
    let mut line = if found.is_empty() { "no findings".to_owned() } else { found.join(", ") };
    if let Some(older) = &report.older {
        let one = counts.errors + counts.warnings + counts.infos == 1;
        line += &format!(" that {} not there at {}", if one { "was" } else { "were" }, older.since);
    }
    let older = report.older.as_ref().map_or(0, |older| older.findings);
    let hidden: Vec<String> =
        [(older, "older"), (report.suppressed, "suppressed"), (report.baselined(), "in the baseline")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, why)| format!("{count} {why}"))
            .collect();
    if !hidden.is_empty() {
        line += &format!(" ({})", hidden.join(", "));
    }
    if !report.problems.is_empty() {
        line += &format!(", {}", counted(report.problems.len(), "problem"));
    }
    line
}

/// `1 error`, `2 errors`.
fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// What was looked at and what was not, in a line without a full stop.
fn scope_line(counts: &Counts) -> String {
    let mut line = format!(
        "read {} with {} and {}",
        counted(counts.templates, "template"),
        counted(counts.resources, "resource"),
        counted(counts.functions, "function"),
    );
    if counts.handlers > 0 {
        line +=
            &format!("; followed {} of {} to the end", counts.followed, counted(counts.handlers, "handler"));
        let absent = counts.handlers - counts.read - counts.foreign;
        let unread: Vec<String> =
            [(counts.foreign, "in languages that are not read yet"), (absent, "not found")]
                .into_iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, why)| format!("{count} {why}"))
                .collect();
        if !unread.is_empty() {
            line += &format!(" ({})", unread.join(", "));
        }
    }
    line
}
