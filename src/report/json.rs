//! The published JSON of `slslint check`, version 1.
//!
//! Paths are relative to the analysed root; lines and columns start at 1; columns count characters.

use serde::Serialize;

use super::{Report, certainty};
use crate::finding::Finding;
use crate::refactor::answers::asked_by;
use crate::source::{Sources, Span};

/// Changes when a field changes its meaning or goes; new fields may come within a version.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Output<'a> {
    version: u32,
    findings: Vec<FindingOut<'a>>,
    problems: Vec<ProblemOut<'a>>,
    abstentions: Vec<AbstentionOut<'a>>,
    summary: SummaryOut,
}

#[derive(Serialize)]
struct FindingOut<'a> {
    rule: &'a str,
    category: &'a str,
    severity: &'a str,
    certainty: &'a str,
    message: &'a str,
    help: Option<&'a str>,
    template: Option<&'a str>,
    functions: &'a [String],
    resource: Option<&'a str>,
    #[serde(flatten)]
    place: Place<'a>,
    evidence: Vec<EvidenceOut<'a>>,
    environment: Option<&'a str>,
    refactoring: Option<RefactoringOut<'a>>,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct EvidenceOut<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    certainty: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct RefactoringOut<'a> {
    id: &'a str,
    title: &'a str,
    applicability: &'a str,
    asked_by: Option<&'a str>,
}

#[derive(Serialize)]
struct ProblemOut<'a> {
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    message: &'a str,
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct AbstentionOut<'a> {
    rule: &'a str,
    file: &'a str,
    line: usize,
    why: &'a str,
}

#[derive(Serialize)]
struct SummaryOut {
    templates: usize,
    resources: usize,
    functions: usize,
    handlers: usize,
    handlers_read: usize,
    handlers_followed: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    suppressed: usize,
    baselined: usize,
    older: usize,
    problems: usize,
    rules: usize,
    rules_abstaining: usize,
}

pub fn json(report: &Report<'_>) -> String {
    let sources = report.app.sources;
    let counts = report.counts();
    let output = Output {
        version: VERSION,
        findings: report.findings.iter().map(|finding| finding_out(report, finding)).collect(),
        problems: report
            .problems
            .iter()
            .map(|problem| {
                let position = problem.span.map(|span| sources.position(span.source, span.start));
                ProblemOut {
                    file: &problem.path,
                    line: position.map(|position| position.line),
                    column: position.map(|position| position.column),
                    message: &problem.text,
                    help: problem.help.as_deref(),
                }
            })
            .collect(),
        abstentions: report
            .abstentions
            .iter()
            .map(|abstention| AbstentionOut {
                rule: &abstention.rule,
                file: sources.path(abstention.span.source),
                line: sources.position(abstention.span.source, abstention.span.start).line,
                why: &abstention.why,
            })
            .collect(),
        summary: SummaryOut {
            templates: counts.templates,
            resources: counts.resources,
            functions: counts.functions,
            handlers: counts.handlers,
            handlers_read: counts.read,
            handlers_followed: counts.followed,
            errors: counts.errors,
            warnings: counts.warnings,
            infos: counts.infos,
            suppressed: report.suppressed,
            baselined: report.baselined(),
            older: report.older.as_ref().map_or(0, |older| older.findings),
            problems: report.problems.len(),
            rules: report.rules.len(),
            rules_abstaining: counts.abstaining,
        },
    };
    let mut text = serde_json::to_string_pretty(&output).unwrap_or_default();
    text.push('\n');
    text
}

fn finding_out<'a>(report: &'a Report<'_>, finding: &'a Finding) -> FindingOut<'a> {
    let sources = report.app.sources;
    let category =
        report.rules.iter().find(|meta| meta.id == finding.rule).map_or("", |meta| meta.category.name());
    FindingOut {
        rule: &finding.rule,
        category,
        severity: finding.severity.name(),
        certainty: certainty(finding.certainty()),
        message: &finding.message,
        help: finding.help.as_deref(),
        template: finding.template.as_deref(),
        functions: &finding.functions,
        resource: finding.resource.as_deref(),
        place: place(sources, finding.span),
        evidence: finding
            .evidence
            .iter()
            .map(|evidence| EvidenceOut {
                place: place(sources, evidence.span),
                certainty: certainty(evidence.certainty),
                text: &evidence.text,
            })
            .collect(),
        environment: finding.world.as_deref(),
        refactoring: finding.refactoring.as_ref().map(|refactoring| RefactoringOut {
            id: refactoring.id,
            title: &refactoring.title,
            applicability: refactoring.applicability.name(),
            asked_by: asked_by(finding),
        }),
        fingerprint: &finding.fingerprint,
    }
}

fn place(sources: &Sources, span: Span) -> Place<'_> {
    let (start, end) = sources.positions(span);
    Place {
        file: sources.path(span.source),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}
