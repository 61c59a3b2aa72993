//! GitLab Code Quality: what a merge request shows beside its diff.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use serde::Serialize;

use super::{Report, Style, head, said};
use crate::evidence::Problem;
use crate::finding::{Finding, Severity, digest};

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'a str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// A JSON list of issues: findings, then what could not be read.
pub fn gitlab(report: &Report<'_>, style: &Style) -> String {
    let findings = report.findings.iter();
    let issues: Vec<Issue<'_>> = findings
        .map(|finding| of_finding(report, finding, style))
        .chain(report.problems.iter().map(|problem| of_problem(report, problem, style)))
        .collect();
    let mut text = serde_json::to_string_pretty(&issues).unwrap_or_default();
    text.push('\n');
    text
}

fn of_finding<'a>(report: &Report<'_>, finding: &'a Finding, style: &Style) -> Issue<'a> {
    let sources = report.app.sources;
    let (start, end) = sources.positions(head(sources, finding.span));
    let help = finding.help.iter().map(|help| format!("; {help}"));
    Issue {
        description: std::iter::once(said(finding)).chain(help).collect(),
        check_name: &finding.rule,
        fingerprint: finding.fingerprint.clone(),
        severity: match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Info => "info",
        },
        location: Location {
            path: style.path(sources.path(finding.span.source)),
            lines: Lines { begin: start.line, end: end.line },
        },
    }
}

fn of_problem<'a>(report: &Report<'_>, problem: &'a Problem, style: &Style) -> Issue<'a> {
    let sources = report.app.sources;
    let line = problem.span.map_or(1, |span| sources.position(span.source, span.start).line);
    Issue {
        description: problem.text.clone(),
        check_name: "problem",
        fingerprint: digest(&format!("problem\0{}\0{line}\0{}", problem.path, problem.text)),
        severity: "minor",
        location: Location { path: style.path(&problem.path), lines: Lines { begin: line, end: line } },
    }
}
