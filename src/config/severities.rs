//! How severe findings are, by rule, place and service.

use std::collections::BTreeMap;

use globset::GlobSet;

use super::paths::globs;
use super::{Config, ConfigError, Override, named};
use crate::finding::Severity;
use crate::rule::Meta;

/// The severities that a configuration gives.
pub struct Severities<'c> {
    config: &'c Config,
    parts: Vec<Part<'c>>,
}

impl<'c> Severities<'c> {
    /// # Errors
    /// A part of the project whose paths are no globs.
    pub fn of(config: &'c Config) -> Result<Self, ConfigError> {
        let parts = config.overrides.iter().map(Part::of).collect::<Result<_, _>>()?;
        Ok(Self { config, parts })
    }

    /// The severity of a finding of a rule, by its path and the services it is about; `None` where it is
    /// not to be reported.
    pub fn severity(&self, meta: &Meta, usual: Severity, path: &str, services: &[&str]) -> Option<Severity> {
        let path = self.config.from_top(path);
        let own = self.parts.iter().rev().filter(|part| part.holds(&path, services));
        if let Some(severity) = own.filter_map(|part| named(part.severity, meta)).next() {
            return Severity::from_name(severity);
        }
        if !self.config.runs_everywhere(meta) {
            return None;
        }
        Some(named(&self.config.severity, meta).and_then(Severity::from_name).unwrap_or(usual))
    }
}

impl std::fmt::Debug for Severities<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Severities").finish_non_exhaustive()
    }
}

/// A part of the project, and the severities there.
struct Part<'c> {
    /// A folder stands for all below it. `None` for all paths.
    paths: Option<GlobSet>,
    /// Empty for all services.
    services: &'c [String],
    severity: &'c BTreeMap<String, String>,
}

impl<'c> Part<'c> {
    fn of(one: &'c Override) -> Result<Self, ConfigError> {
        let below = |path: &String| [path.clone(), format!("{}/**", path.trim_end_matches('/'))];
        let paths: Vec<String> = one.paths.iter().flat_map(below).collect();
        let paths = if paths.is_empty() { None } else { Some(globs("paths", &paths)?) };
        Ok(Self { paths, services: &one.services, severity: &one.severity })
    }

    /// Whether something at that path, of any of those services, is in it.
    fn holds(&self, path: &str, services: &[&str]) -> bool {
        let of_service = |name: &String| services.contains(&name.as_str());
        self.paths.as_ref().is_none_or(|paths| paths.is_match(path))
            && (self.services.is_empty() || self.services.iter().any(of_service))
    }
}
