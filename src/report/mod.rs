//! The outcome of a run, and its outer forms: one file per format.

mod account;
mod concise;
mod json;
mod text;

pub use account::account;
pub use concise::concise;
pub use json::json;
pub use text::text;

use std::collections::BTreeSet;

use crate::evidence::Problem;
use crate::finding::{Finding, Severity};
use crate::graph::{App, SourceState};
use crate::rule::{Abstention, Meta};

/// Everything a run has to say.
#[derive(Debug)]
pub struct Report<'a> {
    pub app: App<'a>,
    pub findings: Vec<Finding>,
    /// How many findings the project has answered.
    pub suppressed: usize,
    pub abstentions: Vec<Abstention>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Rules that ran.
    pub rules: Vec<Meta>,
}

/// What a run looked at, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub templates: usize,
    pub resources: usize,
    pub functions: usize,
    /// Functions whose code was looked for.
    pub handlers: usize,
    /// Handlers whose code is there.
    pub read: usize,
    /// Handlers followed to the end on every path.
    pub followed: usize,
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
    /// Rules that held back somewhere.
    pub abstaining: usize,
}

impl Report<'_> {
    pub fn counts(&self) -> Counts {
        let functions = &self.app.graph.functions;
        let of = |severity| self.findings.iter().filter(|finding| finding.severity == severity).count();
        let states = || functions.iter().map(|function| &function.behaviour.state);
        let summaries = functions.iter().filter_map(|function| function.behaviour.summary.as_deref());
        Counts {
            templates: self.app.graph.templates.len(),
            resources: self.app.resources().count(),
            functions: functions.len(),
            handlers: states().filter(|state| **state != SourceState::NotRead).count(),
            read: states().filter(|state| matches!(state, SourceState::Found | SourceState::Inline)).count(),
            followed: summaries.filter(|summary| summary.unknowns.is_empty()).count(),
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
        let unread = counts.handlers - counts.read;
        if unread > 0 {
            line += &format!(" ({unread} not read)");
        }
    }
    line
}
