//! SARIF 2.1.0, as GitHub code scanning and editors read it.
//!
//! Columns count characters (`columnKind`). Findings that the project has answered are left out.
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html>,
//! <https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support>

mod format;

use std::collections::BTreeMap;

use format::{
    ArtifactChange, ArtifactLocation, Configuration, Driver, Fingerprints, Fix, Invocation, Location, Log,
    LogicalLocation, Markdown, Notification, PhysicalLocation, Properties, Region, RelatedLocation,
    Replacement, ResultOut, Rule, Run, Text, Tool,
};

use super::{Report, Style, head, said};
use crate::edit::{Refactoring, SourceChange};
use crate::evidence::{Evidence, Problem};
use crate::finding::{Finding, Severity};
use crate::rule::Meta;
use crate::source::Span;

/// One run. Of the rules, those are described that found something.
pub fn sarif(report: &Report<'_>, style: &Style) -> String {
    let writer = Writer { report, style };
    let found = |meta: &&Meta| report.findings.iter().any(|finding| finding.rule == meta.id);
    let rules: Vec<&Meta> = report.rules.iter().filter(found).collect();
    let indices: BTreeMap<&str, usize> =
        rules.iter().enumerate().map(|(index, meta)| (meta.id.as_ref(), index)).collect();
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "slslint",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    rules: rules.into_iter().map(rule).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            invocations: [Invocation {
                execution_successful: true,
                tool_execution_notifications: report.problems.iter().map(|one| writer.problem(one)).collect(),
            }],
            results: report.findings.iter().map(|finding| writer.result(finding, &indices)).collect(),
        }],
    };
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn rule(meta: &Meta) -> Rule<'_> {
    Rule {
        id: &meta.id,
        short_description: Text { text: meta.summary.clone().into_owned() },
        help: Markdown {
            text: format!("{}. `slslint explain {}` tells more.", meta.summary, meta.id),
            markdown: meta.documentation(),
        },
        default_configuration: Configuration { level: level(meta.severity) },
        properties: Properties {
            tags: [meta.category.name()],
            problem_severity: match meta.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "recommendation",
            },
        },
    }
}

struct Writer<'a> {
    report: &'a Report<'a>,
    style: &'a Style,
}

impl Writer<'_> {
    fn result<'b>(&self, finding: &'b Finding, rules: &BTreeMap<&str, usize>) -> ResultOut<'b> {
        let related: Vec<&Evidence> =
            finding.evidence.iter().filter(|evidence| evidence.span != finding.span).collect();
        let ids = finding.functions.iter().chain(&finding.resource);
        ResultOut {
            rule_id: &finding.rule,
            rule_index: rules.get(finding.rule.as_ref()).copied(),
            level: level(finding.severity),
            message: Text { text: message(finding, &related) },
            locations: [Location {
                physical_location: self.place(finding.span),
                logical_locations: ids.map(|id| LogicalLocation { name: id, kind: "resource" }).collect(),
            }],
            related_locations: related
                .iter()
                .enumerate()
                .map(|(index, evidence)| RelatedLocation {
                    id: index + 1,
                    message: Text { text: evidence.text.clone() },
                    physical_location: self.place(evidence.span),
                })
                .collect(),
            partial_fingerprints: Fingerprints { own: finding.fingerprint.clone() },
            fixes: finding.refactoring.iter().map(|refactoring| self.fix(refactoring)).collect(),
        }
    }

    /// A refactoring as changes to files. SARIF has no way to delete one, so that is left to the words.
    fn fix(&self, refactoring: &Refactoring) -> Fix {
        let SourceChange { edits, create, delete } = &refactoring.change;
        let mut by_file: BTreeMap<&str, Vec<Replacement>> = BTreeMap::new();
        for edit in edits {
            let path = self.report.app.sources.path(edit.span.source);
            let replacement = Replacement {
                deleted_region: self.region(edit.span),
                inserted_content: Text { text: edit.text.clone() },
            };
            by_file.entry(path).or_default().push(replacement);
        }
        for (path, text) in create {
            let deleted_region = Region { start_line: 1, start_column: 1, end_line: 1, end_column: 1 };
            by_file
                .entry(path)
                .or_default()
                .push(Replacement { deleted_region, inserted_content: Text { text: text.clone() } });
        }
        let change =
            |(path, replacements)| ArtifactChange { artifact_location: self.artifact(path), replacements };
        let mut text = format!("{} ({})", refactoring.title, refactoring.applicability.name());
        for source in delete {
            text.push_str(&format!("; then delete {}", self.report.app.sources.path(*source)));
        }
        Fix { description: Text { text }, artifact_changes: by_file.into_iter().map(change).collect() }
    }

    fn problem(&self, problem: &Problem) -> Notification {
        let help = problem.help.iter().map(|help| format!(" Help: {help}"));
        let location = match problem.span {
            Some(span) => Some(self.place(span)),
            None if problem.path.is_empty() => None,
            None => Some(PhysicalLocation { artifact_location: self.artifact(&problem.path), region: None }),
        };
        let locations = location
            .into_iter()
            .map(|physical_location| Location { physical_location, logical_locations: Vec::new() });
        Notification {
            level: "warning",
            message: Text { text: std::iter::once(format!("{}.", problem.text)).chain(help).collect() },
            locations: locations.collect(),
        }
    }

    fn place(&self, span: Span) -> PhysicalLocation {
        let sources = self.report.app.sources;
        PhysicalLocation {
            artifact_location: self.artifact(sources.path(span.source)),
            region: Some(self.region(head(sources, span))),
        }
    }

    fn region(&self, span: Span) -> Region {
        let (start, end) = self.report.app.sources.positions(span);
        Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }

    fn artifact(&self, path: &str) -> ArtifactLocation {
        let path = self.style.path(path);
        match path.strip_prefix('/') {
            Some(path) => ArtifactLocation { uri: format!("file:///{}", encode(path)), uri_base_id: None },
            None => ArtifactLocation { uri: encode(&path), uri_base_id: Some("%SRCROOT%") },
        }
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// GitHub shows a related location only where the message links to it.
fn message(finding: &Finding, related: &[&Evidence]) -> String {
    // Brackets that make no link are shown with their backslashes by readers that know no links.
    let plain = |text: &str| if text.contains("](") { escape(text) } else { text.to_owned() };
    let mut text = format!("{}.", plain(&said(finding)));
    for (index, evidence) in related.iter().enumerate() {
        text += if index == 0 { " See: " } else { "; " };
        text += &format!("[{}]({})", escape(&evidence.text), index + 1);
    }
    if !related.is_empty() {
        text.push('.');
    }
    if let Some(help) = &finding.help {
        text += &format!(" Help: {}.", plain(help));
    }
    text
}

/// Brackets make links of a message; section 3.11.6.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// A path as a URI reference: each byte that is not plain becomes `%XX`.
fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte))
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::report::testing::{report, sources};

    fn written(severities: &[Severity]) -> Value {
        let sources = sources();
        serde_json::from_str(&sarif(&report(&sources, severities), &Style::default())).expect("it is JSON")
    }

    #[test]
    fn evidence_is_related_and_linked() {
        let run = &written(&[Severity::Error])["runs"][0];
        let result = &run["results"][0];
        assert_eq!(
            result["message"]["text"],
            "`two` is <2> | 100% of [it]. See: [called *here*, `a|b`](1). Help: make it 3."
        );
        let related = &result["relatedLocations"][0];
        assert_eq!(
            (&related["id"], &related["physicalLocation"]["artifactLocation"]["uri"]),
            (&json!(1), &json!("app.py"))
        );
        assert_eq!(
            (&result["ruleIndex"], &run["tool"]["driver"]["rules"][0]["id"]),
            (&json!(0), &json!("some-rule"))
        );
        assert_eq!(run["tool"]["driver"]["rules"][0]["help"]["markdown"], "## What it does\nSees it.\n");
    }

    #[test]
    fn brackets_do_not_make_links() {
        assert_eq!(escape("a[0]\\b"), "a\\[0\\]\\\\b");
        let span = Span::new(sources().ids().next().expect("there are two"), 0, 1);
        assert_eq!(message(&Finding::at(span, "[x](1)"), &[]), "\\[x\\](1).");
    }

    #[test]
    fn a_block_is_named_by_its_head_and_paths_are_uris() {
        let run = &written(&[Severity::Info])["runs"][0];
        let place = &run["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b/100%25%2C%C3%A9%3A1.yaml");
        assert_eq!(place["region"], json!({"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 7}));
    }

    #[test]
    fn equal_findings_have_fingerprints_of_their_own() {
        let run = &written(&[Severity::Info, Severity::Info])["runs"][0];
        let fingerprint = |index: usize| &run["results"][index]["partialFingerprints"]["slslint/v1"];
        assert_ne!(fingerprint(0), fingerprint(1));
        assert_eq!(run["results"][1]["level"], "note");
    }
}
