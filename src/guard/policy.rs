//! One Guard file as a rule.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::engine::{self, Failure};
use super::recursion;
use super::view::{About, Node, Place, View, Wanted, parts, view};
use crate::evidence::Problem;
use crate::finding::{Finding, Severity};
use crate::graph::App;
use crate::rule::{Category, Found, Meta, Profile, Rule};
use crate::source::Span;

/// A rule written in Guard.
#[derive(Debug)]
pub struct Policy {
    meta: Meta,
    /// The part of the view it reads: `functions`, `queues`, ...
    reads: String,
    text: String,
    /// Its file, where it is one of the project's own.
    path: String,
    /// Whether one finding speaks for all of a file.
    is_grouped: bool,
    /// What to do, with facts as in messages.
    help: Option<String>,
}

static SHIPPED: LazyLock<Vec<Policy>> =
    LazyLock::new(|| super::FILES.iter().filter_map(|text| Policy::parse("", text).ok()).collect());

/// All Guard rules that come with slslint.
pub fn shipped() -> Vec<&'static dyn Rule> {
    SHIPPED.iter().map(|policy| policy as &dyn Rule).collect()
}

impl Policy {
    /// Reads a Guard file: header lines `#! key: value`, documentation in `#` comments, rules.
    ///
    /// # Errors
    /// A header that lacks a key or has a value that does not exist, rules that must not be run; in
    /// words.
    pub fn parse(path: &str, text: &str) -> Result<Self, String> {
        let header = |key: &str| header(text, key);
        let needed = |key: &str| header(key).ok_or_else(|| format!("the header has no `#! {key}:` line"));
        let wrong = |key: &str, value: &str| format!("`{value}` is no {key}");
        let (category, severity) = (needed("category")?, needed("severity")?);
        let profile = header("profile").unwrap_or_else(|| Profile::Default.name().to_owned());
        let reads = needed("reads")?;
        if !parts().any(|part| part == reads) {
            let known: Vec<&str> = parts().collect();
            return Err(format!("`{reads}` is no part of the view; there are {}", known.join(", ")));
        }
        let is_grouped = match header("per").as_deref() {
            None | Some("node") => false,
            Some("file") => true,
            Some(other) => return Err(wrong("value of `per`", other)),
        };
        recursion::check(text)?;
        let docs = text.lines().filter(|line| line.starts_with('#') && !line.starts_with("#!"));
        let docs: Vec<&str> =
            docs.map(|line| line.trim_start_matches('#').strip_prefix(' ').unwrap_or("")).collect();
        Ok(Self {
            meta: Meta {
                id: Cow::Owned(needed("id")?),
                category: Category::from_name(&category).ok_or_else(|| wrong("category", &category))?,
                severity: Severity::from_name(&severity).ok_or_else(|| wrong("severity", &severity))?,
                profile: Profile::from_name(&profile).ok_or_else(|| wrong("profile", &profile))?,
                summary: Cow::Owned(needed("summary")?),
                docs: Cow::Owned(docs.join("\n").trim().to_owned() + "\n"),
            },
            reads,
            text: text.to_owned(),
            path: path.to_owned(),
            is_grouped,
            help: header("help"),
        })
    }

    /// Where the file is, relative to the root; empty for those that come with slslint.
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// The value of a header line `#! key: value`.
pub(super) fn header(text: &str, key: &str) -> Option<String> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("#!")?.split_once(':'));
    let mut found = lines.map(|(name, value)| (name.trim(), value.trim())).filter(|(name, _)| *name == key);
    found.next().map(|(_, value)| value.to_owned())
}

impl Rule for Policy {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn check(&self, app: &App<'_>, found: &mut Found) {
        // Files that come with slslint name the facts they need; others may ask for `*`.
        let text = self.path.is_empty().then_some(self.text.as_str());
        let view = view(app, &self.reads, &Wanted::new(text));
        if view.is_empty() {
            return;
        }
        match engine::run(&self.text, &view.document) {
            Ok(failures) => {
                found.extend(self.findings(&view, &failures).into_iter().map(|(place, finding)| {
                    if self.is_grouped { finding.one_of("", &place.id) } else { finding }
                }))
            }
            Err(error) => {
                let text = format!("rule {} could not be run: {}", self.meta.id, error.trim());
                found.problems.push(Problem::of_file(self.path.as_str(), text));
            }
        }
    }
}

impl Policy {
    /// Failed checks as findings: one per node, with what all of its failed checks say, and the worlds it
    /// holds in where those are not all.
    fn findings<'v>(&self, view: &'v View, failures: &[Failure]) -> Vec<(&'v Place, Finding)> {
        let mut messages: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for failure in failures {
            let [_, key, ..] = failure.path.as_slice() else { continue };
            let said = messages.entry(key).or_default();
            if !said.contains(&failure.message.as_str()) {
                said.push(&failure.message);
            }
        }
        let failed = messages.into_iter().flat_map(|(key, said)| {
            let said = said.join(" and ");
            view.nodes_of(key).map(move |(key, node)| (key, node, said.clone()))
        });
        let mut failed: Vec<(&str, &Node, String)> = failed.collect();
        failed.sort_by_key(|(key, ..)| *key);
        let mut places: BTreeMap<&Place, Vec<(&Node, String)>> = BTreeMap::new();
        for (_, node, said) in failed {
            places.entry(&node.place).or_default().push((node, said));
        }
        let mut all: BTreeMap<&Place, usize> = BTreeMap::new();
        view.nodes.values().for_each(|node| *all.entry(&node.place).or_default() += 1);
        let finding = |place, failed: &[_]| Some((place, self.finding(place, failed, all[place])?));
        places.into_iter().filter_map(|(place, failed)| finding(place, &failed)).collect()
    }

    fn finding(&self, place: &Place, failed: &[(&Node, String)], all: usize) -> Option<Finding> {
        let (node, message) = failed.first()?;
        let (message, spans) = filled(node, message);
        let mut finding = Finding::at(place.span, format!("`{}` {message}", place.id));
        for (span, said) in spans.into_iter().filter(|(span, _)| *span != place.span) {
            finding = finding.because(span, said);
        }
        if let Some(help) = &self.help {
            finding = finding.help(filled(node, help).0);
        }
        let worlds: Vec<&str> = failed.iter().filter_map(|(node, _)| node.world.as_deref()).collect();
        if failed.len() < all && worlds.len() == failed.len() {
            finding = finding.world(Some(worlds.join(" or ").replace(" or where ", " or ")));
        }
        Some(match &place.about {
            About::Functions(ids) => {
                ids.iter().fold(finding, |finding, id| finding.function(&place.template, id))
            }
            About::Resource(id) => finding.resource(&place.template, id),
            About::Template => finding,
        })
    }
}

/// The message with `{fact}` replaced by the node's fact of that name, and where these facts are
/// written: "visibility timeout: 30".
fn filled(node: &Node, message: &str) -> (String, BTreeMap<Span, String>) {
    let mut message = message.to_owned();
    let mut spans = BTreeMap::new();
    for (fact, text) in node.facts.texts() {
        let place = format!("{{{fact}}}");
        if message.contains(&place) {
            message = message.replace(&place, &text);
            for span in node.facts.spans(fact) {
                spans.entry(*span).or_insert_with(|| format!("{}: {text}", fact.replace('_', " ")));
            }
        }
    }
    (message, spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_file_reads_and_names_its_category() {
        for text in super::super::FILES {
            Policy::parse("", text).expect("its header is complete");
        }
        assert_eq!(shipped().len(), super::super::FILES.len());
    }

    #[test]
    fn a_header_says_what_is_wrong_with_it() {
        let text = "#! id: x\n#! category: reuse\n#! severity: bad\n#! reads: functions\n#! summary: s";
        let error = Policy::parse("", text).expect_err("it is bad");
        assert_eq!(error, "`bad` is no severity");
        assert!(Policy::parse("", "rule x {}").is_err_and(|error| error.contains("category")));
    }
}
