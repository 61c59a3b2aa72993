//! What a finding is recognised by from one run to the next, in every format.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Report;
use crate::finding::Finding;
use crate::source::Sources;

/// One per finding, in their order: 16 hexadecimal digits.
///
/// It stays the same when lines move: it tells of the rule, the file, what the finding is about, the
/// text of its line, and the how-many-eth of equal ones it is.
pub(super) fn fingerprints(report: &Report<'_>) -> Vec<String> {
    let sources = report.app.sources;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let one = |finding: &Finding| {
        let key = key(sources, finding);
        let count = seen.entry(key.clone()).or_default();
        *count += 1;
        digest(&format!("{key}\0{count}"))
    };
    report.findings.iter().map(one).collect()
}

pub(super) fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn key(sources: &Sources, finding: &Finding) -> String {
    let line = sources.position(finding.span.source, finding.span.start).line;
    let text = sources.line(finding.span.source, line).map_or("", |span| sources.slice(span));
    let words: Vec<&str> = text.split_whitespace().collect();
    format!(
        "{}\0{}\0{}\0{}\0{}",
        finding.rule,
        sources.path(finding.span.source),
        finding.functions.join(","),
        finding.resource.as_deref().unwrap_or_default(),
        words.join(" "),
    )
}
