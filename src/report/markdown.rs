//! Markdown, for the summary of a job: a table of findings per file, evidence folded away, and the
//! picture of the application where it is small enough to be read.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Report, Style, counted, found_line, place, said, scope_line};
use crate::finding::{Finding, Severity};
use crate::graph::mermaid;
use crate::source::SourceId;

/// GitHub takes 1 MiB for the summary of a step and refuses all of a longer one.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>
const LARGEST: usize = 900 * 1024;

/// Lines of the largest picture that a reader can still follow.
const LARGEST_PICTURE: usize = 120;

pub fn markdown(report: &Report<'_>, style: &Style) -> String {
    let counts = report.counts();
    let mut out = format!("## slslint: {}\n\n{}.\n", found_line(report, &counts), scope_line(&counts));
    problems(&mut out, report, style);
    let mut by_file: BTreeMap<SourceId, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        by_file.entry(finding.span.source).or_default().push(finding);
    }
    let mut left_out = 0;
    for (source, findings) in by_file {
        let section = file(report, source, &findings, style);
        if out.len() + section.len() > LARGEST {
            left_out += findings.len();
        } else {
            out.push_str(&section);
        }
    }
    if left_out > 0 {
        let _ = writeln!(out, "\n{} had no room here.", counted(left_out, "more finding"));
    }
    picture(&mut out, report);
    out
}

fn problems(out: &mut String, report: &Report<'_>, style: &Style) {
    if report.problems.is_empty() {
        return;
    }
    out.push_str("\n### What could not be read\n\n");
    for problem in &report.problems {
        let line = problem.span.map(|span| report.app.sources.position(span.source, span.start).line);
        let line = line.map_or_else(String::new, |line| format!(":{line}"));
        let help = problem.help.iter().map(|help| format!("; {}", escape(help)));
        let text: String = std::iter::once(escape(&problem.text)).chain(help).collect();
        let _ = writeln!(out, "- {}{line}: {text}", escape(&style.path(&problem.path)));
    }
}

fn file(report: &Report<'_>, source: SourceId, findings: &[&Finding], style: &Style) -> String {
    let sources = report.app.sources;
    let path = style.path(sources.path(source));
    let mut out = format!("\n### {}\n\n| | line | rule | finding |\n|---|---:|---|---|\n", escape(&path));
    for finding in findings {
        let line = sources.position(source, finding.span.start).line;
        let mark = mark(finding.severity);
        let _ = writeln!(out, "| {mark} | {line} | {} | {} |", finding.rule, cell(&escape(&said(finding))));
    }
    let detailed: Vec<&&Finding> =
        findings.iter().filter(|finding| !finding.evidence.is_empty() || finding.help.is_some()).collect();
    if detailed.is_empty() {
        return out;
    }
    out.push_str("\n<details><summary>Evidence and help</summary>\n\n");
    for finding in detailed {
        let line = sources.position(source, finding.span.start).line;
        let _ = writeln!(out, "- line {line}, {}: {}", finding.rule, escape(&said(finding)));
        for evidence in &finding.evidence {
            let (path, position) = place(sources, evidence.span, style);
            let _ = writeln!(out, "  - {}:{}: {}", escape(&path), position.line, escape(&evidence.text));
        }
        if let Some(help) = &finding.help {
            let _ = writeln!(out, "  - help: {}", escape(help));
        }
    }
    out.push_str("\n</details>\n");
    out
}

fn picture(out: &mut String, report: &Report<'_>) {
    let picture = mermaid(&report.app.graph);
    let lines = picture.lines().count();
    if lines > 1 && lines <= LARGEST_PICTURE && out.len() + picture.len() <= LARGEST {
        let _ = write!(
            out,
            "\n<details><summary>The application</summary>\n\n```mermaid\n{picture}```\n\n</details>\n"
        );
    }
}

fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "❌ error",
        Severity::Warning => "⚠️ warning",
        Severity::Info => "ℹ️ info",
    }
}

/// `|` ends a cell, even in code.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Keeps code in backticks as it is; elsewhere nothing is read as markup. Without line breaks.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let parts: Vec<&str> = text.split('`').collect();
    for (index, part) in parts.iter().enumerate() {
        let last = index + 1 == parts.len();
        // Backticks pair up; one without a partner is a letter like any other.
        let is_code = index % 2 == 1 && !last;
        if index > 0 {
            out.push_str(if index % 2 == 1 && last { "\\`" } else { "`" });
        }
        for letter in part.chars() {
            match letter {
                '\n' | '\r' => out.push(' '),
                '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' | '$' if !is_code => {
                    out.push('\\');
                    out.push(letter);
                }
                letter => out.push(letter),
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{report, sources};

    #[test]
    fn only_code_stays_as_it_is() {
        assert_eq!(escape("`a_b` <c> *d*\n`e"), "`a_b` \\<c\\> \\*d\\* \\`e");
        assert_eq!(escape("`a`, `b_`"), "`a`, `b_`");
        assert_eq!(cell("`a|b`"), "`a\\|b`");
    }

    #[test]
    fn a_summary_stays_below_what_is_taken() {
        let sources = sources();
        let text = markdown(&report(&sources, &[Severity::Info; 9000]), &Style::default());
        assert!(text.len() < 1024 * 1024, "{}", text.len());
        assert!(text.contains("9000 more findings had no room here"));
    }
}
