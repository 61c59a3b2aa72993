//! Settings on top of others: lists add, maps merge, single values replace.

use super::{Config, Override};
use crate::graph::services::Declared;
use crate::source::join;

impl Config {
    /// These settings on top of those they extend.
    #[must_use]
    pub fn over(self, base: Self) -> Self {
        // Every field is named here, so that a new one cannot be forgotten.
        let Self {
            extends,
            exclude,
            select,
            ignore,
            profile,
            severity,
            overrides,
            guard,
            baseline,
            services,
            contracts,
            environments,
            single_account,
            environment,
            today,
            paths,
            root,
            renamed,
        } = self;
        Self {
            extends,
            exclude: added(base.exclude, exclude),
            select: added(base.select, select),
            ignore: added(base.ignore, ignore),
            profile: profile.or(base.profile),
            severity: base.severity.into_iter().chain(severity).collect(),
            overrides: added(base.overrides, overrides),
            guard: added(base.guard, guard),
            baseline: baseline.or(base.baseline),
            services: base.services.into_iter().chain(services).collect(),
            contracts: added(base.contracts, contracts),
            environments: base.environments.into_iter().chain(environments).collect(),
            single_account: single_account || base.single_account,
            environment: environment.or(base.environment),
            today: today.or(base.today),
            paths: added(base.paths, paths),
            root,
            renamed,
        }
    }

    /// The same settings with globs that are seen from the top of the repository, where they were
    /// seen from this folder.
    #[must_use]
    pub fn seen_from(self, folder: &str) -> Self {
        let below = |globs: Vec<String>| -> Vec<String> {
            globs.into_iter().map(|glob| join(&globset::escape(folder), &glob)).collect()
        };
        let part = |part: Override| Override { paths: below(part.paths), ..part };
        let service =
            |(name, service): (String, Declared)| (name, Declared { paths: below(service.paths), ..service });
        Self {
            exclude: below(self.exclude),
            overrides: self.overrides.into_iter().map(part).collect(),
            services: self.services.into_iter().map(service).collect(),
            ..self
        }
    }
}

fn added<T>(mut base: Vec<T>, own: Vec<T>) -> Vec<T> {
    base.extend(own);
    base
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_add_maps_merge_and_single_values_replace() {
        let base = "ignore = ['a']\nprofile = 'preview'\nbaseline = 'b'\nseverity = {a = 'info', b = 'off'}";
        let own = "ignore = ['b']\nprofile = 'pedantic'\nseverity = {b = 'error'}";
        let read = |text| Config::parse(text).expect("it parses");
        let both = read(own).over(read(base));
        assert_eq!(both.ignore, ["a", "b"]);
        assert_eq!((both.profile.as_deref(), both.baseline.as_deref()), (Some("pedantic"), Some("b")));
        let severity: Vec<(&str, &str)> =
            both.severity.iter().map(|(rule, severity)| (rule.as_str(), severity.as_str())).collect();
        assert_eq!(severity, [("a", "info"), ("b", "error")]);
    }
}
