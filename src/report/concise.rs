//! One line per finding: `path:line:column: severity[rule] message`.

use std::fmt::Write;

use super::{Report, Style};

pub fn concise(report: &Report<'_>, style: &Style) -> String {
    let sources = report.app.sources;
    let mut out = String::new();
    for problem in &report.problems {
        let place = problem.span.map_or_else(String::new, |span| {
            let position = sources.position(span.source, span.start);
            format!(":{}:{}", position.line, position.column)
        });
        let _ = writeln!(out, "{}{place}: problem: {}", style.path(&problem.path), problem.text);
    }
    for finding in &report.findings {
        let position = sources.position(finding.span.source, finding.span.start);
        let _ = writeln!(
            out,
            "{}:{}:{}: {}[{}] {}",
            style.path(sources.path(finding.span.source)),
            position.line,
            position.column,
            finding.severity.name(),
            finding.rule,
            finding.message,
        );
    }
    out
}
