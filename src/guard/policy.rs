//! One Guard file as a rule.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::engine::{self, Failure};
use super::view::{View, view};
use crate::evidence::Problem;
use crate::finding::{Finding, Severity};
use crate::graph::App;
use crate::rule::{Category, Found, Meta, Profile, Rule};

/// A rule written in Guard.
#[derive(Debug)]
pub struct Policy {
    meta: Meta,
    /// The part of the view it reads: `functions`, `queues`, ...
    reads: String,
    text: String,
}

/// The files that come with slslint.
const FILES: &[&str] = &[include_str!("../../rules/reuse/too-many-layers.guard")];

static SHIPPED: LazyLock<Vec<Policy>> =
    LazyLock::new(|| FILES.iter().filter_map(|text| Policy::parse(text).ok()).collect());

/// All Guard rules that come with slslint.
pub fn shipped() -> Vec<&'static dyn Rule> {
    SHIPPED.iter().map(|policy| policy as &dyn Rule).collect()
}

impl Policy {
    /// Reads a Guard file: header lines `#! key: value`, documentation in `#` comments, rules.
    ///
    /// # Errors
    /// A header that lacks a key or has a value that does not exist, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let header = |key: &str| {
            let lines = text.lines().filter_map(|line| line.strip_prefix("#!")?.split_once(':'));
            let found = lines.map(|(name, value)| (name.trim(), value.trim())).find(|(name, _)| *name == key);
            found.map(|(_, value)| value.to_owned())
        };
        let needed = |key: &str| header(key).ok_or_else(|| format!("the header has no `#! {key}:` line"));
        let wrong = |key: &str, value: &str| format!("`{value}` is no {key}");
        let (category, severity) = (needed("category")?, needed("severity")?);
        let profile = header("profile").unwrap_or_else(|| Profile::Default.name().to_owned());
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
            reads: needed("reads")?,
            text: text.to_owned(),
        })
    }
}

impl Rule for Policy {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn check(&self, app: &App<'_>, found: &mut Found) {
        let view = view(app, &self.reads);
        if view.is_empty() {
            return;
        }
        match engine::run(&self.text, &view.document) {
            Ok(failures) => found.extend(failures.iter().filter_map(|failure| finding(&view, failure))),
            Err(error) => {
                let text = format!("rule {} could not be run: {}", self.meta.id, error.trim());
                found.problems.push(Problem::of_file("", text));
            }
        }
    }
}

/// A failed check as a finding at the node it speaks of. `{field}` in its message stands for the
/// node's value of that name, whose place becomes evidence.
fn finding(view: &View, failure: &Failure) -> Option<Finding> {
    let [_, key, ..] = failure.path.as_slice() else { return None };
    let node = view.nodes.get(key)?;
    let mut message = failure.message.clone();
    let mut evidence = Vec::new();
    for (field, value) in &node.facts {
        let place = format!("{{{field}}}");
        if message.contains(&place) {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            message = message.replace(&place, &text);
            evidence.extend(node.spans.get(field).copied().filter(|span| *span != node.span));
        }
    }
    let mut finding = Finding::at(node.span, format!("`{}` {message}", node.id));
    for span in evidence {
        finding = finding.because(span, "as set here");
    }
    Some(if node.is_function {
        finding.function(&node.template, &node.id)
    } else {
        finding.resource(&node.template, &node.id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_file_reads_and_names_its_category() {
        for text in FILES {
            Policy::parse(text).expect("its header is complete");
        }
        assert_eq!(shipped().len(), FILES.len());
    }

    #[test]
    fn a_header_says_what_is_wrong_with_it() {
        let error = Policy::parse("#! id: x\n#! category: reuse\n#! severity: bad\n").expect_err("it is bad");
        assert_eq!(error, "`bad` is no severity");
        assert!(Policy::parse("rule x {}").is_err_and(|error| error.contains("category")));
    }
}
