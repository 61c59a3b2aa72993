//! The catalogue: every rule, by category.
//!
//! To add a native rule: its file, its `mod` line and its entry in [`NATIVE`], and its folder in
//! `corpus/`.

use crate::rule::{Native, Rule};

/// Native rules, sorted by id.
const NATIVE: &[&Native] = &[];

/// Every rule there is: native ones, Guard files, and those about suppressions; sorted by id.
pub fn all() -> Vec<&'static dyn Rule> {
    let native = NATIVE.iter().map(|rule| *rule as &dyn Rule);
    let mut rules: Vec<&'static dyn Rule> = native.chain(crate::suppress::rules()).collect();
    rules.sort_by(|a, b| a.meta().id.cmp(&b.meta().id));
    rules
}
