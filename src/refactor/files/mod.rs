//! Refactorings of whole files: templates and workflows, where no single function is the subject.
//!
//! To add one: its file, its `mod` line and its entry in [`CATALOGUE`], and its cases in `tests.rs`.

mod add_environment;
mod add_mapping;
mod lift_to_globals;
mod pseudo_parameter;
mod rewriting;
mod suffix_name;
#[cfg(test)]
mod tests;
mod use_oidc;

use super::Refusal;
use crate::edit::Refactoring;
use crate::graph::App;

/// Every refactoring of files there is, sorted by id.
pub const CATALOGUE: &[FileKind] = &[
    add_environment::KIND,
    add_mapping::KIND,
    lift_to_globals::KIND,
    pseudo_parameter::KIND,
    suffix_name::KIND,
    use_oidc::KIND,
];

/// A kind of refactoring of files.
#[derive(Clone, Copy, Debug)]
pub struct FileKind {
    pub id: &'static str,
    /// Half a sentence: "a workflow assumes a role instead of keeping keys".
    pub summary: &'static str,
    /// The rules whose findings it answers.
    pub rules: &'static [&'static str],
    /// What it can do in the files of an application, one after another by path.
    pub offers: fn(&App<'_>) -> Vec<FileOffer>,
}

/// What comes of asking for one file.
#[derive(Clone, Debug)]
pub struct FileOffer {
    /// Path of the file.
    pub path: String,
    /// The change, and what may behave differently; or why there is none.
    pub outcome: Result<(Refactoring, Vec<String>), Vec<Refusal>>,
}

/// The kind of that id, or the one that answers findings of that rule.
pub fn file_kind(name: &str) -> Option<&'static FileKind> {
    let by_id = CATALOGUE.iter().find(|kind| kind.id == name);
    by_id.or_else(|| CATALOGUE.iter().find(|kind| kind.rules.contains(&name)))
}
