//! JUnit XML, for servers that show tests: a suite per file, a case per finding.
//!
//! Errors and warnings are failures, what could not be read is an error, advice passes with its words
//! as output. A template with nothing to say is one case that passed.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Report, Style, place, said};
use crate::finding::{Finding, Severity};

pub fn junit(report: &Report<'_>, style: &Style) -> String {
    let suites = suites(report, style);
    let all = || suites.values().flatten();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(out, "<testsuites name=\"slslint\" {}>", totals(all()));
    for (path, cases) in &suites {
        let _ = writeln!(out, "  <testsuite name=\"{}\" {}>", escape(path), totals(cases.iter()));
        for case in cases {
            write_case(&mut out, path, case);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

struct Case {
    name: String,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    /// Advice: it does not fail a build.
    Noted(String),
    Failed {
        kind: String,
        message: String,
        text: String,
    },
    NotRead {
        message: String,
        text: String,
    },
}

fn suites(report: &Report<'_>, style: &Style) -> BTreeMap<String, Vec<Case>> {
    let mut suites: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for template in &report.app.graph.templates {
        suites.entry(style.path(&template.path)).or_default();
    }
    for problem in &report.problems {
        let line = problem.span.map(|span| report.app.sources.position(span.source, span.start).line);
        let place = line.map_or_else(String::new, |line| format!(":{line}"));
        let path = style.path(&problem.path);
        let text =
            problem.help.iter().fold(problem.text.clone(), |text, help| format!("{text}\nhelp: {help}"));
        let outcome =
            Outcome::NotRead { message: problem.text.clone(), text: format!("{path}{place}: {text}") };
        suites.entry(path).or_default().push(Case { name: format!("problem{place}"), outcome });
    }
    for finding in &report.findings {
        let (path, position) = place(report.app.sources, finding.span, style);
        let text = text(report, finding, style);
        let outcome = match finding.severity {
            Severity::Info => Outcome::Noted(text),
            Severity::Error | Severity::Warning => {
                Outcome::Failed { kind: finding.severity.name().to_owned(), message: said(finding), text }
            }
        };
        let name = format!("{}:{}:{}", finding.rule, position.line, position.column);
        suites.entry(path).or_default().push(Case { name, outcome });
    }
    for cases in suites.values_mut().filter(|cases| cases.is_empty()) {
        cases.push(Case { name: "no findings".to_owned(), outcome: Outcome::Passed });
    }
    suites
}

/// The finding as a person reads it.
fn text(report: &Report<'_>, finding: &Finding, style: &Style) -> String {
    let (path, position) = place(report.app.sources, finding.span, style);
    let mut text = format!("{path}:{}:{}: {}", position.line, position.column, said(finding));
    for evidence in &finding.evidence {
        let (path, position) = place(report.app.sources, evidence.span, style);
        let _ = write!(text, "\n{path}:{}:{}: {}", position.line, position.column, evidence.text);
    }
    if let Some(help) = &finding.help {
        let _ = write!(text, "\nhelp: {help}");
    }
    text
}

fn totals<'a>(cases: impl Iterator<Item = &'a Case>) -> String {
    let (mut tests, mut failures, mut errors) = (0, 0, 0);
    for case in cases {
        tests += 1;
        match case.outcome {
            Outcome::Passed | Outcome::Noted(_) => {}
            Outcome::Failed { .. } => failures += 1,
            Outcome::NotRead { .. } => errors += 1,
        }
    }
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"")
}

fn write_case(out: &mut String, path: &str, case: &Case) {
    let _ = write!(out, "    <testcase classname=\"{}\" name=\"{}\"", escape(path), escape(&case.name));
    let inner = match &case.outcome {
        Outcome::Passed => {
            out.push_str("/>\n");
            return;
        }
        Outcome::Noted(text) => format!("<system-out>{}</system-out>", escape(text)),
        Outcome::Failed { kind, message, text } => {
            format!("<failure type=\"{kind}\" message=\"{}\">{}</failure>", escape(message), escape(text))
        }
        Outcome::NotRead { message, text } => {
            format!("<error type=\"problem\" message=\"{}\">{}</error>", escape(message), escape(text))
        }
    };
    let _ = writeln!(out, ">\n      {inner}\n    </testcase>");
}

/// For text and attributes alike. What XML 1.0 cannot say at all becomes U+FFFD.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\r' => out.push_str("&#13;"),
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            letter if letter < ' ' => out.push('\u{FFFD}'),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{report, sources};

    #[test]
    fn markup_and_control_characters_cannot_break_out() {
        assert_eq!(escape("a<b>&\"c\"\n\u{1b}[0m"), "a&lt;b&gt;&amp;&quot;c&quot;&#10;\u{FFFD}[0m");
    }

    #[test]
    fn errors_and_warnings_fail_and_advice_passes() {
        let sources = sources();
        let text = junit(
            &report(&sources, &[Severity::Error, Severity::Warning, Severity::Info]),
            &Style::default(),
        );
        assert!(
            text.contains("<testsuites name=\"slslint\" tests=\"3\" failures=\"2\" errors=\"0\">"),
            "{text}"
        );
        assert_eq!(text.matches("<system-out>").count(), 1, "{text}");
    }
}
