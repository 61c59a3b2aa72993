//! How large heavy packages are, where nothing on disk tells it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// Where packages come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registry {
    Pypi,
    Npm,
    Maven,
    Go,
    Crates,
    Nuget,
}

/// What a package unpacks to, at least.
#[derive(Debug, Deserialize)]
pub struct Known {
    name: String,
    pub bytes: u64,
    /// The versions that were measured.
    pub versions: String,
    /// What it brings along, of those that are known.
    #[serde(default)]
    pub needs: Vec<String>,
    /// The only processor it was measured for; the others may be smaller.
    architecture: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Section {
    registry: Registry,
    packages: Vec<Known>,
}

/// What is known of a package's size.
pub fn size(registry: Registry, name: &str, architecture: &str) -> Option<&'static Known> {
    let known = TABLE.get(&(registry, name))?;
    known.architecture.as_ref().is_none_or(|only| only == architecture).then_some(*known)
}

static SECTIONS: LazyLock<Vec<Section>> =
    LazyLock::new(|| serde_yaml::from_str(include_str!("sizes.yaml")).unwrap_or_default());

static TABLE: LazyLock<BTreeMap<(Registry, &'static str), &'static Known>> = LazyLock::new(|| {
    let all = SECTIONS.iter().flat_map(|section| {
        section.packages.iter().map(|known| ((section.registry, known.name.as_str()), known))
    });
    all.collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_and_is_closed() {
        assert!(size(Registry::Pypi, "pandas", "arm64").is_some_and(|known| known.needs == ["numpy"]));
        assert!(size(Registry::Pypi, "torch", "x86_64").is_some());
        assert!(size(Registry::Pypi, "torch", "arm64").is_none());
        assert!(size(Registry::Npm, "pandas", "x86_64").is_none());
        for ((registry, _), known) in TABLE.iter() {
            assert!(!known.versions.is_empty() && known.bytes > 0);
            for need in &known.needs {
                assert!(TABLE.contains_key(&(*registry, need.as_str())), "{need} is in the table");
            }
        }
    }
}
