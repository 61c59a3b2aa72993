//! How packages are called where they are declared, and where they are used.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Registry;

/// A package that does nothing unless it is imported.
#[derive(Debug, Deserialize)]
pub struct Package {
    name: String,
    #[serde(default)]
    imports: Vec<String>,
    /// What it requires, or loads where it is there.
    #[serde(default)]
    pub needs: Vec<String>,
    /// The runtimes bring a version of it.
    #[serde(default)]
    pub given: bool,
}

impl Package {
    /// The modules it is imported by.
    pub fn imports(&self) -> impl Iterator<Item = &str> {
        let own = self.imports.is_empty().then_some(self.name.as_str());
        self.imports.iter().map(String::as_str).chain(own)
    }
}

/// What is known of a package, by its name in the registry.
pub fn known(registry: Registry, name: &str) -> Option<&'static Package> {
    TABLE.get(&(registry, name)).copied()
}

/// A name as PyPI compares it: lower case, with `-` for runs of `-`, `_` and `.`
/// (packaging.python.org/en/latest/specifications/name-normalization).
pub fn pypi(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_lowercase()
}

#[derive(Debug, Deserialize)]
struct Section {
    registry: Registry,
    packages: Vec<Package>,
}

static SECTIONS: LazyLock<Vec<Section>> =
    LazyLock::new(|| serde_yaml::from_str(include_str!("names.yaml")).unwrap_or_default());

static TABLE: LazyLock<BTreeMap<(Registry, &'static str), &'static Package>> = LazyLock::new(|| {
    let all = SECTIONS.iter().flat_map(|section| {
        section.packages.iter().map(|package| ((section.registry, package.name.as_str()), package))
    });
    all.collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distributions_and_modules_differ() {
        let yaml = known(Registry::Pypi, "pyyaml").expect("it is there");
        assert_eq!(yaml.imports().collect::<Vec<_>>(), ["yaml"]);
        let lodash = known(Registry::Npm, "lodash").expect("it is there");
        assert_eq!(lodash.imports().collect::<Vec<_>>(), ["lodash"]);
        assert_eq!(pypi("Python_Jose.x--y"), "python-jose-x-y");
        for section in SECTIONS.iter() {
            for package in &section.packages {
                let plain = section.registry == Registry::Npm || pypi(&package.name) == package.name;
                assert!(plain, "{} is written as it is compared", package.name);
            }
        }
    }
}
