//! The file of a baseline: TOML, an entry a block, in a fixed order, so that versions merge like text.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Deserialize;
use toml::Spanned;

use crate::config::{Config, ConfigError, toml_text};
use crate::finding::Finding;
use crate::source::{SourceId, Sources, Span};

/// The name of the file where none is given.
pub const FILE_NAME: &str = "slslint-baseline.toml";

/// Grows when an entry changes its meaning.
const VERSION: u32 = 1;

const HEAD: &str = "\
# Findings that were there before: slslint reports new ones only. When one of these is mended,
# `slslint check --prune-baseline` takes it out. A `reason = \"...\"` that you add to an entry stays.
";

/// The findings of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    pub entries: Vec<Entry>,
}

/// A finding as the file knows it. Paths are seen from the top of the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub fingerprint: String,
    pub rule: String,
    pub file: String,
    /// The template it belongs to, where that is another file.
    pub template: Option<String>,
    pub message: String,
    /// Why it stays, in the words of the project.
    pub reason: Option<String>,
    /// Bytes of its fingerprint in the file it was read from.
    range: std::ops::Range<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileIn {
    version: u32,
    #[serde(default)]
    finding: Vec<EntryIn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryIn {
    fingerprint: Spanned<String>,
    rule: String,
    file: String,
    #[serde(default)]
    template: Option<String>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    reason: Option<String>,
}

impl Baseline {
    /// Reads a source.
    ///
    /// # Errors
    /// A file that cannot be read, or that is no baseline, with the place in it.
    pub fn read(sources: &Sources, source: SourceId) -> Result<Self, ConfigError> {
        let path = sources.path(source);
        let wrong = |place: &str, why: &str| ConfigError {
            text: format!("baseline {path}{place}: {why}"),
            ..ConfigError::default()
        };
        if let Some(error) = sources.error(source) {
            return Err(wrong("", error));
        }
        let text = sources.text(source);
        let at = |offset: usize| {
            let position = sources.position(source, u32::try_from(offset).unwrap_or(u32::MAX));
            format!(":{}:{}", position.line, position.column)
        };
        if let Some(mark) = text.find("<<<<<<< ").filter(|at| *at == 0 || text[..*at].ends_with('\n')) {
            let why = "a merge has left its marks; keep the entries of both sides, then run \
                       `slslint check --prune-baseline`";
            return Err(wrong(&at(mark), why));
        }
        let read: FileIn = toml_text(text).map_err(|error| {
            wrong(&error.range.map_or_else(String::new, |range| at(range.start)), &error.text)
        })?;
        if read.version != VERSION {
            let why = format!("version {} is not known; this slslint writes version {VERSION}", read.version);
            return Err(wrong("", &why));
        }
        let entries = read.finding.into_iter().map(|entry| Entry {
            range: entry.fingerprint.span(),
            fingerprint: entry.fingerprint.into_inner(),
            rule: entry.rule,
            file: entry.file,
            template: entry.template,
            message: entry.message,
            reason: entry.reason,
        });
        Ok(Self { entries: entries.collect() })
    }

    /// The entries that stay when some are taken out, and entries for findings it does not know yet.
    #[must_use]
    pub fn renewed(
        &self,
        keep: impl Fn(&Entry) -> bool,
        findings: &[&Finding],
        sources: &Sources,
        config: &Config,
    ) -> Self {
        let path = |finding: &Finding| config.from_top(sources.path(finding.span.source));
        let entry = |finding: &&Finding| Entry {
            fingerprint: finding.fingerprint.clone(),
            rule: finding.rule.to_string(),
            file: path(finding),
            template: finding.template.as_ref().map(|path| config.from_top(path)),
            message: finding.message.clone(),
            ..Entry::default()
        };
        // What is found now is told in the words of now; the reason is of the project.
        let mut all: BTreeMap<String, Entry> =
            findings.iter().map(|finding| (finding.fingerprint.clone(), entry(finding))).collect();
        for old in self.entries.iter().filter(|entry| keep(entry)) {
            let entry = all.entry(old.fingerprint.clone()).or_insert_with(|| old.clone());
            entry.reason = entry.reason.take().or_else(|| old.reason.clone());
        }
        Self { entries: all.into_values().collect() }
    }

    /// The text of the file.
    pub fn to_toml(&self) -> String {
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        entries.sort_by_key(|entry| (&entry.file, &entry.rule, &entry.fingerprint));
        entries.dedup_by_key(|entry| &entry.fingerprint);
        let mut out = format!("{HEAD}version = {VERSION}\n");
        for entry in entries {
            let template = entry.template.as_ref().filter(|template| **template != entry.file);
            out.push_str("\n[[finding]]\n");
            let lines = [
                ("fingerprint", Some(&entry.fingerprint)),
                ("rule", Some(&entry.rule)),
                ("file", Some(&entry.file)),
                ("template", template),
                ("message", Some(&entry.message)),
                ("reason", entry.reason.as_ref()),
            ];
            for (key, value) in lines.into_iter().filter_map(|(key, value)| Some((key, value?))) {
                let _ = writeln!(out, "{key} = {}", quoted(value));
            }
        }
        out
    }
}

/// A file that is named and is not there.
pub(super) fn missing(path: &str) -> ConfigError {
    ConfigError {
        text: format!("baseline {path}: no such file; `slslint check --write-baseline` makes it"),
        ..ConfigError::default()
    }
}

/// Where the finding about an entry stands.
pub(super) fn span(source: SourceId, entry: &Entry) -> Span {
    Span::new(source, entry.range.start, entry.range.end)
}

/// A text in TOML, always on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            letter if letter.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Baseline, ConfigError> {
        let sources = Sources::in_memory([("b.toml".to_owned(), text.to_owned())].into());
        Baseline::read(&sources, sources.find("b.toml").expect("given"))
    }

    fn entry(fingerprint: &str, file: &str, message: &str) -> Entry {
        Entry {
            fingerprint: fingerprint.into(),
            rule: "some-rule".into(),
            file: file.into(),
            message: message.into(),
            ..Entry::default()
        }
    }

    #[test]
    fn what_is_written_is_read_and_written_the_same() {
        let odd = "a \"quoted\" \\ text\nwith\u{7f}all\tof é";
        let entries = vec![
            Entry { reason: Some("it's \"fine\"".into()), ..entry("2", "b.yaml", odd) },
            Entry { template: Some("b.yaml".into()), ..entry("1", "a.py", "x") },
        ];
        let text = Baseline { entries }.to_toml();
        let again = read(&text).expect("it was written by us");
        assert_eq!(
            again.entries.iter().map(|entry| entry.fingerprint.as_str()).collect::<Vec<_>>(),
            ["1", "2"]
        );
        assert_eq!(again.entries[1].message, odd);
        assert_eq!(again.to_toml(), text);
    }

    #[test]
    fn a_broken_file_is_told_with_its_place() {
        let text = |error: Result<Baseline, ConfigError>| error.expect_err("it is broken").text;
        assert!(
            text(read("version = 1\n<<<<<<< HEAD\n")).starts_with("baseline b.toml:2:1: a merge has left")
        );
        assert_eq!(
            text(read("version = 2")),
            "baseline b.toml: version 2 is not known; this slslint writes version 1"
        );
        let unknown = "version = 1\n[[finding]]\nfingerprint = 'a'\nrule = 'b'\nfile = 'c'\nreasn = 'd'\n";
        assert_eq!(text(read(unknown)), "baseline b.toml:6:1: unknown field `reasn`; did you mean `reason`?");
        assert!(
            text(read("version = \n")).starts_with("baseline b.toml:1:"),
            "{}",
            text(read("version = \n"))
        );
    }
}
