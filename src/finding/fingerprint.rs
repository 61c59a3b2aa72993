//! What a finding is recognised by from one run to the next.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Finding;
use crate::source::Sources;

/// Gives findings their fingerprints, in their order: 16 hexadecimal digits each.
///
/// A fingerprint stays the same when lines move: it tells of the rule, the file, what the finding is
/// about, the text of its line, and the how-many-eth of equal ones it is. `name` gives the path a file
/// is known by, whichever folder is checked.
pub fn stamp(findings: &mut [Finding], sources: &Sources, name: impl Fn(&str) -> String) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for finding in findings {
        let key = key(sources, finding, &name);
        let count = seen.entry(key.clone()).or_default();
        *count += 1;
        finding.fingerprint = digest(&format!("{key}\0{count}"));
    }
}

/// A short name of a text, in 16 hexadecimal digits.
pub fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn key(sources: &Sources, finding: &Finding, name: impl Fn(&str) -> String) -> String {
    let line = sources.position(finding.span.source, finding.span.start).line;
    let text = sources.line(finding.span.source, line).map_or("", |span| sources.slice(span));
    let words: Vec<&str> = text.split_whitespace().collect();
    format!(
        "{}\0{}\0{}\0{}\0{}",
        finding.rule,
        name(sources.path(finding.span.source)),
        finding.functions.join(","),
        finding.resource.as_deref().unwrap_or_default(),
        words.join(" "),
    )
}
