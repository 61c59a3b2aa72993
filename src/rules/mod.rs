//! The catalogue: every native rule, by category.
//!
//! To add a rule: its file, its `mod` line and its entry here, its folder in `corpus/`.

use crate::rule::Rule;

/// All native rules, sorted by id.
pub fn catalogue() -> Vec<&'static dyn Rule> {
    vec![]
}
