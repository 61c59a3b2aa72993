//! For language-model agents: each finding in few words, with the source lines that show it.

use std::fmt::Write;

use super::{Report, Style, counted, found_line, place, said, scope_line};
use crate::edit::Refactoring;
use crate::finding::Finding;
use crate::refactor::answers::asked_by;
use crate::refactor::series;
use crate::source::{Sources, Span};

/// Longer source lines are cut: a minified bundle is no evidence.
const LONGEST_LINE: usize = 160;

/// Counts first, then problems and findings; each with its way out. A line of evidence names its file
/// where that is another one.
///
/// ```text
/// template.yaml:9:16 error gateway-timeout id=0123456789abcdef functions=GetOrder
///   `GetOrder` may run 60 s, but a REST API waits 29 s
///   :9 | Timeout: 60
///   app.py:4 | time.sleep(40) -- waits here
///   help: ...
/// ```
pub fn agent(report: &Report<'_>, style: &Style) -> String {
    let counts = report.counts();
    let mut out = format!("{}; {}\n", found_line(report, &counts), scope_line(&counts));
    for problem in &report.problems {
        let line = problem.span.map(|span| report.app.sources.position(span.source, span.start).line);
        let place = line.map_or_else(String::new, |line| format!(":{line}"));
        let _ =
            writeln!(out, "\n{}{place} problem\n  {}", style.path(&problem.path), one_line(&problem.text));
        if let Some(help) = &problem.help {
            let _ = writeln!(out, "  help: {}", one_line(help));
        }
    }
    for finding in &report.findings {
        write_finding(&mut out, report, finding, style);
    }
    if counts.abstaining > 0 {
        let _ =
            writeln!(out, "\n{} held back where a value is not known", counted(counts.abstaining, "rule"));
    }
    if !report.findings.is_empty() {
        out.push_str(
            "\nwhy: slslint explain RULE\nkeep it as it is: `# slslint: allow RULE: reason` above the line\n",
        );
    }
    out
}

fn write_finding(out: &mut String, report: &Report<'_>, finding: &Finding, style: &Style) {
    let sources = report.app.sources;
    let (path, position) = place(sources, finding.span, style);
    let (line, column) = (position.line, position.column);
    let id = &finding.fingerprint;
    let _ = write!(out, "\n{path}:{line}:{column} {} {} id={id}", finding.severity.name(), finding.rule);
    if !finding.functions.is_empty() {
        let _ = write!(out, " functions={}", finding.functions.join(","));
    }
    if let Some(resource) = &finding.resource {
        let _ = write!(out, " resource={resource}");
    }
    let _ = writeln!(out, "\n  {}", one_line(&said(finding)));
    if !finding.evidence.iter().any(|evidence| evidence.span == finding.span) {
        let _ = writeln!(out, "  :{line} | {}", source_line(sources, finding.span));
    }
    for evidence in &finding.evidence {
        let (file, position) = place(sources, evidence.span, style);
        let file = if file == path { "" } else { &file };
        let shown = source_line(sources, evidence.span);
        let _ = writeln!(out, "  {file}:{} | {shown} -- {}", position.line, one_line(&evidence.text));
    }
    if let Some(help) = &finding.help {
        let _ = writeln!(out, "  help: {}", one_line(help));
    }
    write_patch(out, sources, finding, style);
}

/// The change that answers a finding. Of files that go only the names are told.
fn write_patch(out: &mut String, sources: &Sources, finding: &Finding, style: &Style) {
    let (Some(Refactoring { title, applicability, change, .. }), Some(name)) =
        (&finding.refactoring, asked_by(finding))
    else {
        return;
    };
    let (safety, title) = (applicability.name(), one_line(title));
    let _ = writeln!(out, "  patch ({safety}): {title}; `slslint refactor {name} --write` applies it");
    for file in series::files(sources, series::changed(sources, change)) {
        if file.after.is_none() {
            let _ = writeln!(out, "    deletes {}", style.path(&file.path));
            continue;
        }
        for line in file.diff(&|path| style.path(path)).lines() {
            let _ = writeln!(out, "    {line}");
        }
    }
}

fn source_line(sources: &Sources, span: Span) -> String {
    let line = sources.position(span.source, span.start).line;
    let text = sources.line(span.source, line).map_or("", |line| sources.slice(line)).trim();
    match text.char_indices().nth(LONGEST_LINE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use crate::report::testing::{PATH, report, sources};

    #[test]
    fn every_line_of_evidence_cites_its_source() {
        let sources = sources();
        let text = agent(&report(&sources, &[Severity::Warning]), &Style::default());
        let head = format!("{PATH}:2:1 warning some-rule id=");
        assert!(text.lines().any(|line| line.starts_with(&head)), "{text}");
        assert!(text.contains("  :2 | two: |\n"), "{text}");
        assert!(
            text.contains("  app.py:1 | call(<x>) -- called *here*, `a|b`\n  help: make it 3\n"),
            "{text}"
        );
    }
}
