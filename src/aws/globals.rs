//! What the `Globals` section of a SAM template may set, and how it merges.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
pub struct Globals {
    /// What the types of resources begin with that Globals apply to.
    pub prefix: String,
    /// Properties by section; a section is a resource type without the prefix.
    pub sections: BTreeMap<String, Vec<String>>,
    /// Paths (`Function.Architectures`) where the resource's value replaces the global one.
    pub replaced: Vec<String>,
    /// Paths where only the keys count that the resource has.
    pub pruned: Vec<String>,
    /// Properties of functions where the own value is added to the one in Globals.
    pub added: Vec<String>,
    /// Properties of functions that are the same for a reason where all functions have the same.
    pub worth_lifting: Vec<String>,
}

/// Whether a resource's own value is added to the one in Globals, and does not replace it.
pub fn adds_to(property: &str) -> bool {
    GLOBALS.added.iter().any(|name| name == property)
}

pub static GLOBALS: LazyLock<Globals> =
    LazyLock::new(|| serde_yaml::from_str(include_str!("globals.yaml")).unwrap_or_default());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        let sections = &GLOBALS.sections;
        assert!(sections["Function"].iter().any(|name| name == "MemorySize"));
        assert!(!sections["Function"].iter().any(|name| name == "Policies"));
        assert!(GLOBALS.added.iter().all(|name| GLOBALS.worth_lifting.contains(name)));
        assert!(GLOBALS.worth_lifting.iter().all(|name| sections["Function"].contains(name)));
        for path in GLOBALS.replaced.iter().chain(&GLOBALS.pruned) {
            let (section, rest) = path.split_once('.').expect("a path");
            let property = rest.split('.').next().expect("a property");
            assert!(sections[section].iter().any(|name| name == property), "{path}");
        }
    }
}
