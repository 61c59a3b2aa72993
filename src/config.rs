//! What a run is asked to do: `slslint.toml` and the command line, as plain data.

use std::collections::BTreeMap;

use globset::{Glob, GlobSetBuilder};
use serde::Deserialize;

use crate::finding::Severity;
use crate::rule::{Meta, Profile};
use crate::template::environments::Declared;

/// A calendar day, `YYYY-MM-DD`. Texts of this form order like days.
pub type Day = String;

/// Settings of one run. Unknown keys are errors.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Config {
    /// Globs of paths, relative to the root, where no templates are looked for.
    pub exclude: Vec<String>,
    /// Rules or categories to run; empty for all of the profile.
    pub select: Vec<String>,
    /// Rules or categories not to run.
    pub ignore: Vec<String>,
    /// `default`, `pedantic` or `preview`; each contains the one before.
    pub profile: Option<String>,
    /// Severity by rule id: `info`, `warning`, `error`, or `off`. A rule that is named here runs,
    /// whatever its profile.
    pub severity: BTreeMap<String, String>,
    /// Folders of Guard files of the project's own, relative to the root; in a file, relative to it.
    pub guard: Vec<String>,
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
}

/// One environment as the project declares it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct EnvironmentSettings {
    /// Values of parameters.
    pub parameters: BTreeMap<String, Scalar>,
    pub stack_name: Option<String>,
    pub region: Option<String>,
    /// Twelve digits.
    pub account: Option<String>,
    /// Whether it is production, where the name does not tell.
    pub production: Option<bool>,
}

/// A value of a parameter: text, number or boolean.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    Text(String),
    Number(i64),
    Boolean(bool),
}

impl EnvironmentSettings {
    pub(crate) fn declared(&self) -> Declared {
        let text = |scalar: &Scalar| match scalar {
            Scalar::Text(text) => text.clone(),
            Scalar::Number(number) => number.to_string(),
            Scalar::Boolean(value) => value.to_string(),
        };
        Declared {
            parameters: self.parameters.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
            stack_name: self.stack_name.clone(),
            region: self.region.clone(),
            account: self.account.clone(),
            production: self.production,
        }
    }
}

/// Why a configuration cannot be used, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    pub text: String,
    /// Bytes of the configuration file.
    pub range: Option<std::ops::Range<usize>>,
}

impl Config {
    /// Reads the text of `slslint.toml`.
    ///
    /// # Errors
    /// Syntax, unknown keys and values of the wrong type, with their place.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error: toml::de::Error| ConfigError {
            text: error.message().to_owned(),
            range: error.span(),
        })
    }

    /// Which paths hold no templates to look at: those that `exclude` names, and what lies outside the
    /// root.
    ///
    /// # Errors
    /// The first text that is no glob.
    pub fn excluded(&self) -> Result<impl Fn(&str) -> bool + Sync + use<>, ConfigError> {
        let mut globs = GlobSetBuilder::new();
        for text in &self.exclude {
            let glob = Glob::new(text.trim_end_matches('/'));
            let glob =
                glob.map_err(|error| ConfigError { text: format!("exclude: {error}"), range: None })?;
            globs.add(glob);
        }
        let globs = globs.build().map_err(|error| ConfigError { text: error.to_string(), range: None })?;
        Ok(move |path: &str| {
            let above =
                std::iter::successors(Some(path), |path| path.rsplit_once('/').map(|(above, _)| above));
            path.starts_with("../") || above.into_iter().any(|path| globs.is_match(path))
        })
    }

    /// Checks names against the rules there are.
    ///
    /// # Errors
    /// The first rule, category, profile or severity that does not exist, with the nearest that does.
    pub fn validate(&self, rules: &[&Meta]) -> Result<(), ConfigError> {
        let wrong = |text: String| Err(ConfigError { text, range: None });
        let mut known: Vec<&str> = rules.iter().map(|meta| meta.id.as_ref()).collect();
        known.extend(rules.iter().map(|meta| meta.category.name()));
        for name in self.select.iter().chain(&self.ignore).chain(self.severity.keys()) {
            if !known.contains(&name.as_str()) {
                return wrong(format!(
                    "no rule or category is called `{name}`{}",
                    did_you_mean(name, &known)
                ));
            }
        }
        if let Some(profile) = &self.profile
            && Profile::from_name(profile).is_none()
        {
            let names = ["default", "pedantic", "preview"];
            return wrong(format!("no profile is called `{profile}`{}", did_you_mean(profile, &names)));
        }
        for (rule, severity) in &self.severity {
            if severity != "off" && Severity::from_name(severity).is_none() {
                return wrong(format!(
                    "severity of `{rule}` is `{severity}`; it can be info, warning, error or off"
                ));
            }
        }
        Ok(())
    }

    /// Whether a rule runs.
    pub fn runs(&self, meta: &Meta) -> bool {
        let names =
            |list: &[String]| list.iter().any(|name| *name == meta.id || *name == meta.category.name());
        let by_id = |list: &[String]| list.iter().any(|name| *name == meta.id);
        if self.severity.get(meta.id.as_ref()).is_some_and(|severity| severity == "off") {
            return false;
        }
        if names(&self.ignore) {
            return false;
        }
        let named = self.severity.contains_key(meta.id.as_ref()) && self.select.is_empty();
        let profile = self.profile.as_deref().and_then(Profile::from_name).unwrap_or(Profile::Default);
        by_id(&self.select)
            || named
            || meta.profile <= profile && (self.select.is_empty() || names(&self.select))
    }

    /// The severity of a rule, as configured.
    pub fn severity(&self, rule: &str, usual: Severity) -> Severity {
        self.severity.get(rule).and_then(|name| Severity::from_name(name)).unwrap_or(usual)
    }
}

/// `; did you mean ...?` for the nearest of some names, or nothing.
pub fn did_you_mean(name: &str, known: &[&str]) -> String {
    let nearest = known.iter().map(|known| (distance(name, known), *known)).min();
    match nearest {
        Some((distance, known)) if distance <= 1 + name.len() / 4 => format!("; did you mean `{known}`?"),
        _ => String::new(),
    }
}

/// Levenshtein distance, by characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
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
        let error = Config::parse("exclud = []").expect_err("the key is wrong");
        assert!(error.text.contains("exclud"), "{error:?}");
        assert_eq!(error.range, Some(0..6));
        let config = Config::parse("ignore = ['too-many-layer']").expect("it parses");
        let rule = meta("too-many-layers", Profile::Default);
        let error = config.validate(&[&rule]).expect_err("no such rule");
        assert!(error.text.ends_with("did you mean `too-many-layers`?"), "{error:?}");
    }

    #[test]
    fn an_excluded_folder_is_excluded_with_all_below_it() {
        let config = Config { exclude: vec!["labs/**/old".into(), "b.yaml".into()], ..Config::default() };
        let excluded = config.excluded().expect("they are globs");
        assert!(
            excluded("labs/1/old/template.yaml") && excluded("b.yaml") && excluded("../other/template.yaml")
        );
        assert!(!excluded("labs/1/new/template.yaml") && !excluded("a/b.yaml"));
        assert!(Config { exclude: vec!["[".into()], ..Config::default() }.excluded().is_err());
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
}
