//! Workflow commands of GitHub Actions: one annotation per finding, the most severe first.

use super::{Report, Style, counted, head, place, said};
use crate::finding::{Finding, Severity};
use crate::source::Span;

/// GitHub shows this many annotations of each level per step and drops the rest without a word.
/// <https://docs.github.com/en/rest/checks/runs>, <https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md>
const SHOWN_OF_A_LEVEL: usize = 10;

/// Workflow commands for standard output. A last notice says how many findings have no annotation.
pub fn github(report: &Report<'_>, style: &Style) -> String {
    let of = |severity: Severity| {
        let findings = report.findings.iter().filter(move |finding| finding.severity == severity);
        findings.map(|finding| annotation(report, finding, style))
    };
    let errors: Vec<String> = of(Severity::Error).collect();
    let warnings: Vec<String> = problems(report, style).chain(of(Severity::Warning)).collect();
    let mut notices: Vec<String> = of(Severity::Info).collect();
    let over = |commands: &[String], limit: usize| commands.len().saturating_sub(limit);
    let left_out = |notices: &[String], limit: usize| {
        over(&errors, SHOWN_OF_A_LEVEL) + over(&warnings, SHOWN_OF_A_LEVEL) + over(notices, limit)
    };
    if left_out(&notices, SHOWN_OF_A_LEVEL) > 0 {
        // The closing notice is an annotation too.
        let rest = left_out(&notices, SHOWN_OF_A_LEVEL - 1);
        notices.truncate(SHOWN_OF_A_LEVEL - 1);
        let text = format!(
            "{} not shown here: GitHub shows {SHOWN_OF_A_LEVEL} annotations of each level for a step",
            counted(rest, "more finding"),
        );
        notices.push(command("notice", &[("title", "slslint".to_owned())], &text));
    }
    let shown =
        errors.iter().take(SHOWN_OF_A_LEVEL).chain(warnings.iter().take(SHOWN_OF_A_LEVEL)).chain(&notices);
    shown.map(|command| format!("{command}\n")).collect()
}

fn annotation(report: &Report<'_>, finding: &Finding, style: &Style) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut text = said(finding);
    for evidence in &finding.evidence {
        let (path, position) = place(report.app.sources, evidence.span, style);
        text += &format!("\n{path}:{}: {}", position.line, evidence.text);
    }
    if let Some(help) = &finding.help {
        text += &format!("\nhelp: {help}");
    }
    let mut properties = properties(report, finding.span, style);
    properties.push(("title", format!("slslint: {}", finding.rule)));
    command(level, &properties, &text)
}

/// What could not be read, so that silence about it is not taken for health.
fn problems<'a>(report: &'a Report<'_>, style: &'a Style) -> impl Iterator<Item = String> + 'a {
    report.problems.iter().map(|problem| {
        let mut properties = match problem.span {
            Some(span) => properties(report, span, style),
            None if problem.path.is_empty() => Vec::new(),
            None => vec![("file", style.path(&problem.path))],
        };
        properties.push(("title", "slslint: problem".to_owned()));
        let help = problem.help.iter().map(|help| format!("\nhelp: {help}"));
        let text: String = std::iter::once(problem.text.clone()).chain(help).collect();
        command("warning", &properties, &text)
    })
}

fn properties(report: &Report<'_>, span: Span, style: &Style) -> Vec<(&'static str, String)> {
    let sources = report.app.sources;
    let (start, end) = sources.positions(head(sources, span));
    vec![
        ("file", style.path(sources.path(span.source))),
        ("line", start.line.to_string()),
        ("endLine", end.line.to_string()),
        ("col", start.column.to_string()),
        ("endColumn", end.column.to_string()),
    ]
}

fn command(name: &str, properties: &[(&str, String)], text: &str) -> String {
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", escape_property(value))).collect();
    format!("::{name} {}::{}", properties.join(","), escape(text))
}

/// A command ends with its line, so line breaks are written as the runner reads them back.
fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Properties end with `,` and with `::` besides.
fn escape_property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{report, sources};

    #[test]
    fn what_would_end_a_command_is_escaped() {
        let properties = [("file", "a,b:c%.yaml".to_owned()), ("title", "x\ny".to_owned())];
        let command = command("error", &properties, "100 %: a, b\r\nnext::error::");
        assert_eq!(command, "::error file=a%2Cb%3Ac%25.yaml,title=x%0Ay::100 %25: a, b%0D%0Anext::error::");
    }

    #[test]
    fn the_most_severe_come_first_and_the_rest_is_counted() {
        let sources = sources();
        let mut severities = vec![Severity::Info; 12];
        severities.extend([Severity::Warning; 3]);
        severities.extend([Severity::Error; 11]);
        let text = github(&report(&sources, &severities), &Style::default());
        let levels: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(levels[..10], ["::error"; 10]);
        assert_eq!(levels[10..13], ["::warning"; 3]);
        assert_eq!(levels[13..], ["::notice"; 10]);
        assert!(
            text.ends_with(
                "::notice title=slslint::4 more findings not shown here: GitHub shows 10 \
                                annotations of each level for a step\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn nothing_is_said_of_a_rest_that_is_not_there() {
        let sources = sources();
        let text = github(&report(&sources, &[Severity::Info; 10]), &Style::default());
        assert_eq!(text.lines().count(), 10);
        assert!(!text.contains("not shown"), "{text}");
        assert_eq!(github(&report(&sources, &[]), &Style::default()), "");
    }
}
