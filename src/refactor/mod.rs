//! Refactorings: changes to templates and definitions that leave out a function.
//!
//! To add one: its file, its `mod` line and its entry in [`CATALOGUE`], and its folder in
//! `tests/refactorings/`. A refactoring proves that the application does the same without the
//! function, or refuses and says what stands in the way.

mod direct_integration;
pub mod draft;
mod event_target;
pub mod files;
mod mock_integration;
pub mod permission;
pub mod placement;
mod receipt;
pub mod retire;
mod sdk_integration;
pub mod series;
pub mod written;

pub use receipt::{Receipt, in_short};

use crate::edit::{Applicability, Refactoring, SourceChange};
use crate::graph::{App, FunctionRef};
use crate::source::Span;

/// Every refactoring there is, sorted by id.
pub const CATALOGUE: &[Kind] =
    &[direct_integration::KIND, event_target::KIND, mock_integration::KIND, sdk_integration::KIND];

/// A kind of refactoring.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub id: &'static str,
    /// Half a sentence: "a route calls the service itself".
    pub summary: &'static str,
    /// The rules whose findings it answers.
    pub rules: &'static [&'static str],
    /// Moves every trigger of the function that it can. `None` where it has none of the kind that this
    /// refactoring is about.
    pub offer: fn(&App<'_>, FunctionRef<'_>, Options) -> Option<Outcome>,
}

/// What comes of asking for a refactoring.
pub type Outcome = Result<Offer, Vec<Refusal>>;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Leave the function in the template even when nothing reaches it any more.
    pub keep_function: bool,
}

/// A change that can be made.
#[derive(Clone, Debug)]
pub struct Offer {
    pub refactoring: Refactoring,
    pub receipt: Receipt,
    /// What may behave differently; nothing where the change is proved to keep the meaning.
    pub differs: Vec<String>,
}

impl Offer {
    pub fn new(
        id: &'static str,
        title: String,
        change: SourceChange,
        receipt: Receipt,
        differs: Vec<String>,
    ) -> Self {
        let applicability = if differs.is_empty() { Applicability::Safe } else { Applicability::Unsafe };
        Self { refactoring: Refactoring { id, title, applicability, change }, receipt, differs }
    }
}

/// Why a refactoring is not offered, and where to look.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    pub span: Span,
    pub text: String,
}

impl Refusal {
    pub fn new(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }
}

impl From<Refusal> for Vec<Refusal> {
    fn from(refusal: Refusal) -> Self {
        vec![refusal]
    }
}

/// The kind of that id.
pub fn kind(id: &str) -> Option<&'static Kind> {
    CATALOGUE.iter().find(|kind| kind.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_sorted_and_names_rules_that_exist() {
        assert!(CATALOGUE.is_sorted_by_key(|kind| kind.id));
        let rules = crate::rules::all();
        for name in CATALOGUE.iter().flat_map(|kind| kind.rules) {
            assert!(rules.iter().any(|rule| rule.meta().id == *name), "{name}");
        }
    }
}
