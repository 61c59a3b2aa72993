//! For people: each finding with the lines that show it, then what was read and what was not.
//!
//! miette draws one source per diagnostic, so evidence in other files follows as diagnostics of its
//! own. Rules never know.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents,
};
use textwrap::{WordSeparator, WordSplitter};

use super::{Report, Style, counted, found_line, head, said, scope_line};
use crate::evidence::Problem;
use crate::finding::{Finding, Severity};
use crate::refactor::answers::asked_by;
use crate::source::{SourceId, Sources, Span};

pub fn text(report: &Report<'_>, style: &Style) -> String {
    let theme = if style.colours { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width.unwrap_or(100))
        .with_context_lines(0)
        // A name or a command that is cut at a hyphen or a slash cannot be copied.
        .with_word_separator(WordSeparator::AsciiSpace)
        .with_word_splitter(WordSplitter::NoHyphenation)
        .with_links(false);
    let mut out = String::new();
    let mut draw = |diagnostics: &[Drawn<'_>]| {
        for diagnostic in diagnostics {
            if handler.render_report(&mut out, diagnostic).is_err() {
                // A span that does not fit its text cannot be drawn; the words must not be lost with it.
                out.push_str(&format!("{diagnostic}\n"));
            }
        }
        out.push('\n');
    };
    for problem in &report.problems {
        draw(&problem_drawn(report.app.sources, problem, style));
    }
    for finding in &report.findings {
        draw(&finding_drawn(report.app.sources, finding, style));
    }
    if style.verbose {
        out.push_str(&verbose(report, style));
    }
    out.push_str(&closing(report));
    out
}

/// The last lines: what was found, what was read, who held back.
fn closing(report: &Report<'_>) -> String {
    let counts = report.counts();
    let mut line = found_line(report, &counts);
    if report.findings.len() >= MANY {
        line += &format!("\nby rule: {}", by_rule(report));
    }
    line += &format!("\n{}", scope_line(&counts));
    if counts.abstaining > 0 {
        line += &format!(
            "\n{} of {} held back where a value is not known; --verbose names each place",
            counts.abstaining,
            counted(report.rules.len(), "rule"),
        );
    }
    if !report.findings.is_empty() {
        line += "\n`slslint explain RULE` says why; `# slslint: allow RULE: reason` above a line answers a finding";
    }
    line + "\n"
}

/// As many findings as this are more than one looks over.
const MANY: usize = 10;

/// How many findings each rule has, the most first.
fn by_rule(report: &Report<'_>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &report.findings {
        *counts.entry(finding.rule.as_ref()).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
    let told: Vec<String> = counts.into_iter().map(|(rule, count)| format!("{count} {rule}")).collect();
    told.join(", ")
}

/// Every place a rule held back at and every place a handler was not followed at.
fn verbose(report: &Report<'_>, style: &Style) -> String {
    let sources = report.app.sources;
    let at = |span: Span| {
        let position = sources.position(span.source, span.start);
        format!("{}:{}:{}", style.path(sources.path(span.source)), position.line, position.column)
    };
    let mut lines = Vec::new();
    for skipped in &report.app.skipped {
        lines.push(format!("{}: left out: {}", style.path(&skipped.path), skipped.why));
    }
    for abstention in &report.abstentions {
        lines.push(format!("{}: {} held back: {}", at(abstention.span), abstention.rule, abstention.why));
    }
    let mut unknowns: BTreeMap<(Span, &str), Vec<&str>> = BTreeMap::new();
    for function in &report.app.graph.functions {
        let summary = function.behaviour.summary.as_deref();
        for unknown in summary.iter().flat_map(|summary| &summary.unknowns) {
            unknowns.entry((unknown.span, &unknown.why)).or_default().push(&function.id.text);
        }
    }
    for ((span, why), functions) in unknowns {
        lines.push(format!("{}: not followed: {why} (in {})", at(span), functions.join(", ")));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn finding_drawn<'a>(sources: &'a Sources, finding: &'a Finding, style: &Style) -> Vec<Drawn<'a>> {
    let severity = match finding.severity {
        Severity::Error => miette::Severity::Error,
        Severity::Warning => miette::Severity::Warning,
        Severity::Info => miette::Severity::Advice,
    };
    let mut labels = vec![label(sources, finding.span, None)];
    let mut others: BTreeMap<SourceId, Vec<LabeledSpan>> = BTreeMap::new();
    for evidence in &finding.evidence {
        let drawn = label(sources, evidence.span, Some(&evidence.text));
        if evidence.span.source != finding.span.source {
            others.entry(evidence.span.source).or_default().push(drawn);
        } else if evidence.span == finding.span {
            labels[0] = drawn;
        } else {
            labels.push(drawn);
        }
    }
    let message = said(finding);
    let excerpt = |source| Some(Excerpt::new(sources, source, style));
    let code = Some(finding.rule.as_ref());
    let first = Drawn { message, code, severity, help: None, excerpt: excerpt(finding.span.source), labels };
    let rest = others.into_iter().map(|(source, labels)| because(excerpt(source), labels));
    let mut drawn: Vec<Drawn<'_>> = std::iter::once(first).chain(rest).collect();
    if let Some(last) = drawn.last_mut() {
        last.help = help(finding);
    }
    drawn
}

/// The way out, and whether it can be written.
fn help(finding: &Finding) -> Option<Cow<'_, str>> {
    let written = asked_by(finding)
        .map(|name| format!("`slslint refactor {name}` shows the change, or what is in its way"));
    match (&finding.help, written) {
        (help, None) => help.as_deref().map(Cow::Borrowed),
        (None, Some(written)) => Some(Cow::Owned(written)),
        (Some(help), Some(written)) => Some(Cow::Owned(format!("{help}\n{written}"))),
    }
}

/// Evidence in another file.
fn because(excerpt: Option<Excerpt<'_>>, labels: Vec<LabeledSpan>) -> Drawn<'_> {
    let message = "because".to_owned();
    Drawn { message, code: None, severity: miette::Severity::Advice, help: None, excerpt, labels }
}

fn problem_drawn<'a>(sources: &'a Sources, problem: &'a Problem, style: &Style) -> Vec<Drawn<'a>> {
    let path = style.path(&problem.path);
    let message = match problem.span {
        None if !path.is_empty() => format!("{path}: {}", problem.text),
        _ => problem.text.clone(),
    };
    let mut labels: Vec<LabeledSpan> =
        problem.span.iter().map(|span| label(sources, *span, Some("here"))).collect();
    let excerpt = |source| Some(Excerpt::new(sources, source, style));
    let mut related = None;
    if let Some((span, text)) = &problem.related {
        let drawn = label(sources, *span, Some(text));
        if problem.span.is_some_and(|own| own.source == span.source) {
            labels.push(drawn);
        } else {
            related = Some(because(excerpt(span.source), vec![drawn]));
        }
    }
    let first = Drawn {
        message,
        code: Some("problem"),
        severity: miette::Severity::Warning,
        help: problem.help.as_deref().map(Cow::Borrowed),
        excerpt: problem.span.and_then(|span| excerpt(span.source)),
        labels,
    };
    std::iter::once(first).chain(related).collect()
}

/// A label over the first line of a span: a block is named by its head, not drawn in full.
fn label(sources: &Sources, span: Span, text: Option<&str>) -> LabeledSpan {
    let head = head(sources, span);
    LabeledSpan::new(text.map(str::to_owned), head.start as usize, head.range().len())
}

/// A diagnostic as miette wants it.
#[derive(Debug)]
struct Drawn<'a> {
    message: String,
    code: Option<&'a str>,
    severity: miette::Severity,
    help: Option<Cow<'a, str>>,
    excerpt: Option<Excerpt<'a>>,
    labels: Vec<LabeledSpan>,
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Drawn<'_> {}

impl Diagnostic for Drawn<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_deref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// A source with its line table, so that drawing costs by the lines shown and not by the file.
#[derive(Debug)]
struct Excerpt<'a> {
    sources: &'a Sources,
    id: SourceId,
    name: String,
}

impl<'a> Excerpt<'a> {
    fn new(sources: &'a Sources, id: SourceId, style: &Style) -> Self {
        Self { sources, id, name: style.path(sources.path(id)) }
    }
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.sources.text(self.id);
        let offset = |at: usize| u32::try_from(at.min(text.len())).unwrap_or(u32::MAX);
        let first = self.sources.position(self.id, offset(span.offset()));
        let last = self.sources.position(self.id, offset(span.offset() + span.len()));
        let from = first.line.saturating_sub(lines_before).max(1);
        let start = self.sources.line(self.id, from).ok_or(MietteError::OutOfBounds)?.range().start;
        let end = (last.line..=last.line + lines_after)
            .rev()
            .find_map(|line| self.sources.line(self.id, line))
            .ok_or(MietteError::OutOfBounds)?
            .range()
            .end;
        let data = text.as_bytes().get(start..end).ok_or(MietteError::OutOfBounds)?;
        // With lines before it the excerpt starts at a line's start; without, miette asks for the place.
        let column = if lines_before == 0 { first.column - 1 } else { 0 };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data,
            SourceSpan::from((start, end - start)),
            from - 1,
            column,
            last.line - from + 1,
        )))
    }
}
