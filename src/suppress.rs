//! Findings that the project has answered: `# slslint: allow <id>: reason`.
//!
//! A comment stands on the line of the finding or alone above it; templates without comments say it
//! in `Metadata: slslint: allow`. A suppression may end (`until=YYYY-MM-DD`). One that is unused,
//! unknown or over is reported, so that none outlives its reason.

use std::collections::BTreeMap;

use crate::config::{Config, did_you_mean};
use crate::finding::Finding;
use crate::graph::App;
use crate::rule::{Found, Meta, Rule, rule};
use crate::source::{SourceId, Span};
use crate::template::{Map, Value};

rule! {
    /// ## What it does
    /// Finds suppressions that no finding meets.
    ///
    /// ## Why it matters
    /// What it answered is mended or has moved. Left in place it would hide the next finding there.
    ///
    /// ## Example
    /// ```yaml
    /// # slslint: allow gateway-timeout: raised to 60 s by the operations team
    /// ```
    /// above a function that no longer has such a finding.
    ///
    /// ## Use instead
    /// Remove the comment.
    ///
    /// ## When to keep it
    /// When the finding comes and goes with the profile: then select that profile in `slslint.toml`.
    pub UNUSED_SUPPRESSION = {
        id: "unused-suppression",
        category: Suppression,
        severity: Warning,
        summary: "suppression that no finding meets",
        check,
    }
}

rule! {
    /// ## What it does
    /// Finds suppressions that name no rule, give no reason, or have a date that is none.
    ///
    /// ## Why it matters
    /// They suppress nothing.
    ///
    /// ## Example
    /// ```yaml
    /// # slslint: allow gateway-timeot: raised to 60 s
    /// ```
    ///
    /// ## Use instead
    /// The id of the rule as the finding shows it, and a reason after the colon.
    ///
    /// ## When to keep it
    /// Never.
    pub UNKNOWN_SUPPRESSION = {
        id: "unknown-suppression",
        category: Suppression,
        severity: Warning,
        summary: "suppression that names no rule or gives no reason",
        check,
    }
}

rule! {
    /// ## What it does
    /// Finds suppressions whose day has passed. They suppress nothing any more.
    ///
    /// ## Why it matters
    /// Someone promised to look at it by then.
    ///
    /// ## Example
    /// ```yaml
    /// # slslint: allow layer-version-skew until=2024-06-30: canary of the new layer
    /// ```
    ///
    /// ## Use instead
    /// Mend what it hides, or give it a new day.
    ///
    /// ## When to keep it
    /// Never.
    pub EXPIRED_SUPPRESSION = {
        id: "expired-suppression",
        category: Suppression,
        severity: Warning,
        summary: "suppression whose day has passed",
        check,
    }
}

/// The three rules above see suppressions, which no application has: [`apply`] finds for them.
fn check(_app: &App<'_>, _found: &mut Found) {}

/// The rules about suppressions.
pub fn rules() -> [&'static dyn Rule; 3] {
    [&EXPIRED_SUPPRESSION, &UNKNOWN_SUPPRESSION, &UNUSED_SUPPRESSION]
}

/// One suppression as written.
#[derive(Clone, Debug)]
struct Suppression {
    /// The comment, or the entry of the metadata.
    span: Span,
    rule: String,
    reason: String,
    until: Option<String>,
    /// Findings that start within are answered.
    scope: Span,
}

/// Takes the suppressed findings out of `findings`, adds findings about the suppressions themselves,
/// and gives how many were suppressed.
///
/// `known` are all rules there are; those that did not run leave their suppressions unjudged.
pub fn apply(findings: &mut Vec<Finding>, app: &App<'_>, config: &Config, known: &[&Meta]) -> usize {
    let suppressions = collect(app, findings);
    let mut used = vec![false; suppressions.len()];
    let over = |suppression: &Suppression| match (&suppression.until, &config.today) {
        (Some(until), Some(today)) => until < today,
        _ => false,
    };
    let before = findings.len();
    findings.retain(|finding| {
        let mut keep = true;
        for (suppression, used) in suppressions.iter().zip(&mut used) {
            let meets = suppression.rule == finding.rule
                && !suppression.reason.is_empty()
                && suppression.scope.source == finding.span.source
                && (suppression.scope.start..suppression.scope.end.max(suppression.scope.start + 1))
                    .contains(&finding.span.start);
            if meets {
                *used = true;
                keep &= over(suppression);
            }
        }
        keep
    });
    let suppressed = before - findings.len();
    for (suppression, used) in suppressions.iter().zip(used) {
        let runs = |finding: &Finding| known.iter().any(|meta| meta.id == finding.rule && config.runs(meta));
        findings.extend(judge(suppression, used, over(suppression), config, known).filter(runs));
    }
    suppressed
}

fn judge(
    suppression: &Suppression,
    used: bool,
    over: bool,
    config: &Config,
    known: &[&Meta],
) -> Option<Finding> {
    let rule = &suppression.rule;
    let stamped = |meta: &Meta, message: String| {
        let mut finding = Finding::at(suppression.span, message);
        finding.rule = meta.id.clone();
        finding.severity = meta.severity;
        finding
    };
    let Some(meta) = known.iter().find(|meta| meta.id == rule.as_str()) else {
        let ids: Vec<&str> = known.iter().map(|meta| meta.id.as_ref()).collect();
        let message = format!("no rule is called `{rule}`{}", did_you_mean(rule, &ids));
        return Some(stamped(&UNKNOWN_SUPPRESSION.meta, message));
    };
    if suppression.reason.is_empty() {
        let help = format!("write why it is right here: `slslint: allow {rule}: <reason>`");
        return Some(
            stamped(&UNKNOWN_SUPPRESSION.meta, format!("`{rule}` is allowed without a reason")).help(help),
        );
    }
    if let Some(until) = suppression.until.as_ref().filter(|until| !is_day(until)) {
        let message = format!("`{until}` is no day of the form YYYY-MM-DD");
        return Some(stamped(&UNKNOWN_SUPPRESSION.meta, message));
    }
    if over {
        let until = suppression.until.as_deref().unwrap_or_default();
        return Some(stamped(&EXPIRED_SUPPRESSION.meta, format!("`{rule}` was allowed until {until}")));
    }
    (!used && config.runs(meta))
        .then(|| stamped(&UNUSED_SUPPRESSION.meta, format!("no finding of `{rule}` is here to suppress")))
}

fn is_day(text: &str) -> bool {
    let form = text.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    form && text.len() == 10
}

/// All suppressions of the files that were looked at: templates, and files with findings.
fn collect(app: &App<'_>, findings: &[Finding]) -> Vec<Suppression> {
    let mut sources: BTreeMap<SourceId, ()> =
        app.templates().map(|(_, template)| (template.source, ())).collect();
    sources.extend(findings.iter().map(|finding| (finding.span.source, ())));
    sources.extend(app.handler_sources().map(|source| (source, ())));
    let mut found: Vec<Suppression> = sources.keys().flat_map(|source| in_comments(app, *source)).collect();
    for (key, text) in texts_without_comments(app) {
        for suppression in &mut found {
            let line = suppression.scope;
            if line.source == key.source && (line.start..line.end).contains(&key.start) {
                suppression.scope = line.to(text);
            }
        }
    }
    for (_, resource) in app.resources() {
        let scope = resource.id.span.to(resource.span);
        found.extend(resource.metadata.iter().flat_map(|metadata| in_metadata(metadata, scope)));
    }
    for (_, template) in app.templates() {
        let text = app.sources.text(template.source);
        let scope = Span::new(template.source, 0, text.len());
        found.extend(template.metadata.iter().flat_map(|metadata| in_metadata(metadata, scope)));
    }
    found
}

/// Keys and values of definitions that are a text: JSON, in which no comment can stand, so what stands at
/// the key speaks for all of it.
fn texts_without_comments(app: &App<'_>) -> impl Iterator<Item = (Span, Span)> {
    let texts = |map: &Map| {
        let texts = map.iter().filter(|(key, _)| key.text == "DefinitionString");
        texts.map(|(key, value)| (key.span, value.span)).collect::<Vec<_>>()
    };
    app.resources().flat_map(move |(_, resource)| texts(&resource.properties))
}

const MARK: &str = "slslint: allow ";

fn in_comments(app: &App<'_>, source: SourceId) -> Vec<Suppression> {
    let text = app.sources.text(source);
    let mut found = Vec::new();
    for (at, _) in text.match_indices(MARK) {
        let line_start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let before = text[line_start..at].trim_end();
        let Some(opener) = ["#", "//", "/*"].into_iter().find(|opener| before.ends_with(opener)) else {
            continue;
        };
        let line_end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        let words = text[at + MARK.len()..line_end].trim().trim_end_matches("*/").trim_end();
        let alone = before.trim_start().len() == opener.len();
        let scope_line = if alone { next_code_line(text, line_end) } else { (line_start, line_end) };
        let span_start = line_start + text[line_start..at].trim_end().len() - opener.len();
        let span = Span::new(source, span_start, at + MARK.len() + words.len());
        found.push(read(words, span, Span::new(source, scope_line.0, scope_line.1)));
    }
    found
}

/// The first line after `from` that is neither empty nor a comment.
fn next_code_line(text: &str, from: usize) -> (usize, usize) {
    let mut start = (from + 1).min(text.len());
    loop {
        let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        let line = text[start..end].trim();
        let skipped = line.is_empty() || line.starts_with('#') || line.starts_with("//");
        if !skipped || end == text.len() {
            return (start, end);
        }
        start = end + 1;
    }
}

/// Reads `<id> [until=<day>][: reason]`.
fn read(words: &str, span: Span, scope: Span) -> Suppression {
    let (head, reason) = words.split_once(':').unwrap_or((words, ""));
    let mut head = head.split_whitespace();
    let rule = head.next().unwrap_or_default().to_owned();
    let until = head.find_map(|word| word.strip_prefix("until=")).map(str::to_owned);
    Suppression { span, rule, reason: reason.trim().to_owned(), until, scope }
}

/// `slslint: {allow: [{rule, reason, until}]}`, or `slslint: {allow: {<id>: reason}}`.
fn in_metadata(metadata: &Value, scope: Span) -> Vec<Suppression> {
    let Some(allow) = metadata.at(&["slslint", "allow"]) else { return Vec::new() };
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let listed = allow.as_list().unwrap_or_default().iter().map(|entry| Suppression {
        span: entry.span,
        rule: text(entry.get("rule")),
        reason: text(entry.get("reason")),
        until: entry.get("until").and_then(Value::as_str).map(str::to_owned),
        scope,
    });
    let keyed = allow.as_map().into_iter().flat_map(|map| map.iter()).map(|(name, reason)| Suppression {
        span: name.span,
        rule: name.text.clone(),
        reason: text(Some(reason)),
        until: None,
        scope,
    });
    listed.chain(keyed).collect()
}
