//! What a run is asked to do: configuration files and the command line, as plain data.
//!
//! Paths in a file are seen from its folder; who reads files turns them into paths that are seen from
//! the top of the repository ([`Config::seen_from`]).

mod environments;
mod layers;
mod names;
mod paths;
mod read;
mod severities;

use std::collections::BTreeMap;

pub use environments::{EnvironmentSettings, Scalar};
pub use names::{did_you_mean, nearest};
pub use read::toml_text;
use serde::Deserialize;
pub use severities::Severities;

use crate::finding::Severity;
use crate::graph::services::{Contract, Declared};
use crate::rule::{Meta, Profile};
use crate::source::join;

/// A calendar day, `YYYY-MM-DD`. Texts of this form order like days.
pub type Day = String;

/// Settings of one run. Unknown keys are errors. `docs/schema/config.json` describes them for editors.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Config {
    /// The file whose settings these are added to.
    pub extends: Option<String>,
    /// Globs of paths where no templates are looked for.
    pub exclude: Vec<String>,
    /// Rules or categories to run; empty for all of the profile.
    pub select: Vec<String>,
    /// Rules or categories not to run.
    pub ignore: Vec<String>,
    /// `default`, `pedantic` or `preview`; each contains the one before.
    pub profile: Option<String>,
    /// Severity by rule or category: `info`, `warning`, `error`, or `off`. A rule that is named here
    /// runs, whatever its profile.
    pub severity: BTreeMap<String, String>,
    /// Severities for a part of the project; the last one that names a finding counts.
    #[serde(rename = "override")]
    pub overrides: Vec<Override>,
    /// Folders of Guard files of the project's own, relative to the root; in a file, relative to it.
    pub guard: Vec<String>,
    /// The file of known findings, relative to the root; in a file, relative to it.
    pub baseline: Option<String>,
    /// Services by name, over what is found by folders, data and code.
    pub services: BTreeMap<String, Declared>,
    /// What services owe each other.
    pub contracts: Vec<Contract>,
    /// Environments by name; they win over what samconfig, workflows and files of parameters say.
    pub environments: BTreeMap<String, EnvironmentSettings>,
    /// All environments are in one account on purpose.
    pub single_account: bool,
    /// The environment to check; all where none is named.
    #[serde(skip)]
    pub environment: Option<String>,
    /// The day of the run, for suppressions that end; none end where it is not known.
    #[serde(skip)]
    pub today: Option<Day>,
    /// Only templates below these paths are checked; empty for all.
    #[serde(skip)]
    pub paths: Vec<String>,
    /// The root as seen from the top of its repository: globs and fingerprints are about paths from
    /// there, so that they mean the same whichever folder is checked.
    #[serde(skip)]
    pub root: String,
    /// Files of an older revision that have another path now, both from the top of the repository: their
    /// findings are known by the present path.
    #[serde(skip)]
    pub renamed: BTreeMap<String, String>,
}

/// Severities for a part of the project.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Override {
    /// Globs of the files that findings stand in; empty for all.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Services that findings are about; empty for all.
    #[serde(default)]
    pub services: Vec<String>,
    /// Severity by rule or category.
    pub severity: BTreeMap<String, String>,
}

/// Why a configuration cannot be used, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigError {
    pub text: String,
    /// Bytes of the configuration file.
    pub range: Option<std::ops::Range<usize>>,
    /// The name in the file that is wrong, where the place is not known.
    pub name: Option<String>,
}

impl ConfigError {
    fn of(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

impl Config {
    /// The path of a source as seen from the top of the repository.
    pub fn from_top(&self, path: &str) -> String {
        join(&self.root, path)
    }

    /// The path that findings in a source are known by.
    pub fn known_as(&self, path: &str) -> String {
        let path = self.from_top(path);
        self.renamed.get(&path).cloned().unwrap_or(path)
    }

    /// Checks names against the rules there are.
    ///
    /// # Errors
    /// The first rule, category, profile or severity that does not exist, with the nearest that does;
    /// the first text that is no glob.
    pub fn validate(&self, rules: &[&Meta]) -> Result<(), ConfigError> {
        let wrong = |name: &str, text: String| {
            Err(ConfigError { text, name: Some(name.to_owned()), ..ConfigError::default() })
        };
        let mut known: Vec<&str> = rules.iter().map(|meta| meta.id.as_ref()).collect();
        known.extend(rules.iter().map(|meta| meta.category.name()));
        let severities =
            || std::iter::once(&self.severity).chain(self.overrides.iter().map(|part| &part.severity));
        let named = severities().flat_map(BTreeMap::keys);
        for name in self.select.iter().chain(&self.ignore).chain(named) {
            if !known.contains(&name.as_str()) {
                let nearest = did_you_mean(name, &known);
                let all = if nearest.is_empty() { "; `slslint rules` lists them" } else { "" };
                return wrong(name, format!("no rule or category is called `{name}`{nearest}{all}"));
            }
        }
        if let Some(profile) = &self.profile
            && Profile::from_name(profile).is_none()
        {
            let nearest = did_you_mean(profile, &["default", "pedantic", "preview"]);
            let all = if nearest.is_empty() { "; there are default, pedantic and preview" } else { "" };
            return wrong(profile, format!("no profile is called `{profile}`{nearest}{all}"));
        }
        for (rule, severity) in severities().flatten() {
            if severity != "off" && Severity::from_name(severity).is_none() {
                let text =
                    format!("severity of `{rule}` is `{severity}`; it can be info, warning, error or off");
                return wrong(severity, text);
            }
        }
        if self.overrides.iter().any(|part| part.paths.is_empty() && part.services.is_empty()) {
            return Err(ConfigError::of(
                "an override names neither `paths` nor `services`; `[severity]` is for all",
            ));
        }
        Severities::of(self)?;
        self.excluded().map(|_| ())
    }

    /// Whether a rule runs: everywhere, or for a part of the project.
    pub fn runs(&self, meta: &Meta) -> bool {
        let in_part = |part: &Override| named(&part.severity, meta).is_some_and(|severity| severity != "off");
        self.runs_everywhere(meta)
            || !self.is_ignored(meta) && self.select.is_empty() && self.overrides.iter().any(in_part)
    }

    /// Whether a rule runs without being asked for a part of the project.
    fn runs_everywhere(&self, meta: &Meta) -> bool {
        let by_id = |list: &[String]| list.iter().any(|name| *name == meta.id);
        if named(&self.severity, meta).is_some_and(|severity| severity == "off") || self.is_ignored(meta) {
            return false;
        }
        let named = self.severity.contains_key(meta.id.as_ref()) && self.select.is_empty();
        let profile = self.profile.as_deref().and_then(Profile::from_name).unwrap_or(Profile::Default);
        by_id(&self.select)
            || named
            || meta.profile <= profile && (self.select.is_empty() || names(&self.select, meta))
    }

    fn is_ignored(&self, meta: &Meta) -> bool {
        names(&self.ignore, meta)
    }
}

/// What a table says of a rule: by its id, else by its category.
fn named<'s>(severity: &'s BTreeMap<String, String>, meta: &Meta) -> Option<&'s str> {
    severity.get(meta.id.as_ref()).or_else(|| severity.get(meta.category.name())).map(String::as_str)
}

fn names(list: &[String], meta: &Meta) -> bool {
    list.iter().any(|name| *name == meta.id || *name == meta.category.name())
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::rule::Category;

    fn meta(id: &'static str, profile: Profile) -> Meta {
        Meta {
            id: Cow::Borrowed(id),
            category: Category::Reuse,
            severity: Severity::Warning,
            profile,
            summary: Cow::Borrowed(""),
            docs: Cow::Borrowed(""),
        }
    }

    #[test]
    fn unknown_names_are_errors_with_the_nearest_one() {
        let config = Config::parse("ignore = ['too-many-layer']").expect("it parses");
        let rule = meta("too-many-layers", Profile::Default);
        let error = config.validate(&[&rule]).expect_err("no such rule");
        assert!(error.text.ends_with("did you mean `too-many-layers`?"), "{error:?}");
        assert_eq!(error.name.as_deref(), Some("too-many-layer"));
    }

    #[test]
    fn profiles_contain_each_other_and_a_selected_rule_always_runs() {
        let (default, pedantic) = (meta("a", Profile::Default), meta("b", Profile::Pedantic));
        let config = Config::default();
        assert!(config.runs(&default) && !config.runs(&pedantic));
        let config = Config { profile: Some("pedantic".into()), ..Config::default() };
        assert!(config.runs(&default) && config.runs(&pedantic));
        let config = Config { select: vec!["b".into()], ..Config::default() };
        assert!(!config.runs(&default) && config.runs(&pedantic));
        let config = Config { select: vec!["reuse".into()], ignore: vec!["a".into()], ..Config::default() };
        assert!(!config.runs(&default) && !config.runs(&pedantic));
        let config = Config { severity: [("a".into(), "off".into())].into(), ..Config::default() };
        assert!(!config.runs(&default));
        let config = Config { severity: [("b".into(), "info".into())].into(), ..Config::default() };
        assert!(config.runs(&default) && config.runs(&pedantic));
    }

    #[test]
    fn a_category_has_a_severity_and_its_rules_may_have_others() {
        let (a, b) = (meta("a", Profile::Default), meta("b", Profile::Pedantic));
        let config = Config::parse("severity = {reuse = 'info', b = 'error'}").expect("it parses");
        let severity = Severities::of(&config).expect("no globs");
        assert_eq!(severity.severity(&a, Severity::Warning, "x.yaml", &[]), Some(Severity::Info));
        assert_eq!(severity.severity(&b, Severity::Warning, "x.yaml", &[]), Some(Severity::Error));
        let off = Config::parse("severity = {reuse = 'off', b = 'error'}").expect("it parses");
        assert!(!off.runs(&a) && off.runs(&b));
    }

    #[test]
    fn a_part_of_the_project_has_severities_of_its_own() {
        let (a, b) = (meta("a", Profile::Default), meta("b", Profile::Pedantic));
        let text = "override = [{paths = ['old'], severity = {a = 'off'}},
            {paths = ['new/**', 'old/x.yaml'], severity = {a = 'error', b = 'info'}}]";
        let config = Config { root: "top".into(), ..Config::parse(text).expect("it parses") };
        let config = config.seen_from("top");
        assert!(config.runs(&a) && config.runs(&b), "b for a part");
        let severity = Severities::of(&config).expect("they are globs");
        assert_eq!(severity.severity(&a, Severity::Warning, "old/y.yaml", &[]), None);
        assert_eq!(severity.severity(&a, Severity::Warning, "old/x.yaml", &[]), Some(Severity::Error));
        assert_eq!(severity.severity(&a, Severity::Warning, "z.yaml", &[]), Some(Severity::Warning));
        assert_eq!(severity.severity(&b, Severity::Warning, "new/1/z.yaml", &[]), Some(Severity::Info));
        assert_eq!(severity.severity(&b, Severity::Warning, "z.yaml", &[]), None, "its profile does not run");
        let ignored = Config { ignore: vec!["b".into()], ..config.clone() };
        assert!(!ignored.runs(&b));

        let text = "override = [{paths = ['old'], services = ['carts'], severity = {a = 'off'}}]";
        let config = Config::parse(text).expect("it parses");
        let severity = Severities::of(&config).expect("they are globs");
        assert_eq!(severity.severity(&a, Severity::Warning, "old/y.yaml", &["orders", "carts"]), None);
        assert_eq!(
            severity.severity(&a, Severity::Warning, "old/y.yaml", &["orders"]),
            Some(Severity::Warning)
        );
        assert_eq!(
            severity.severity(&a, Severity::Warning, "new/y.yaml", &["carts"]),
            Some(Severity::Warning)
        );
        let empty = Config::parse("override = [{severity = {a = 'off'}}]").expect("it parses");
        assert!(empty.validate(&[&a]).expect_err("it is for all").text.contains("neither"));
    }
}
