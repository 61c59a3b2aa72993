//! Refactorings: changes to templates, definitions, workflows and code that answer findings.
//!
//! To add one: its file, its `mod` line and its entry in [`CATALOGUE`], and its folder in
//! `tests/refactorings/`. A refactoring proves that the application does the same afterwards, says what
//! differs, or refuses and says what stands in the way.

pub mod answers;
mod direct_integration;
pub mod draft;
mod event_target;
mod extract_layer;
pub mod files;
pub mod kept;
mod merge_functions;
mod mock_integration;
pub mod permission;
pub mod placement;
mod receipt;
pub mod retire;
mod sdk_integration;
pub mod series;
mod split_template;
mod unwritten;
pub mod written;

pub use receipt::{Aspect, Receipt, in_short};
pub use unwritten::{unwritten, unwritten_constant};

use crate::edit::{Applicability, Refactoring, SourceChange};
use crate::graph::{App, FunctionRef};
use crate::source::Span;

/// Every refactoring there is, sorted by id.
pub const CATALOGUE: &[Kind] = &[
    files::add_environment::KIND,
    files::add_mapping::KIND,
    direct_integration::KIND,
    event_target::KIND,
    extract_layer::KIND,
    files::lift_to_globals::KIND,
    merge_functions::KIND,
    mock_integration::KIND,
    files::pseudo_parameter::KIND,
    sdk_integration::KIND,
    split_template::KIND,
    files::suffix_name::KIND,
    files::use_oidc::KIND,
];

/// A kind of refactoring.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub id: &'static str,
    /// Half a sentence: "a route calls the service itself".
    pub summary: &'static str,
    /// The rules whose findings it answers.
    pub rules: &'static [&'static str],
    pub offers: Offers,
}

/// Where a kind of refactoring looks for what it can do.
#[derive(Clone, Copy, Debug)]
pub enum Offers {
    /// In one function: moves every trigger of it that can be moved. `None` where it has none of the kind
    /// that the refactoring is about.
    OfFunction(fn(&App<'_>, FunctionRef<'_>, Options) -> Option<Outcome>),
    /// In the whole application: what can be done for the subjects that are asked for, in an order that is
    /// always the same, each made when it is come to. A proposal need not fit the ones beside it: after each
    /// that is made, the application is asked anew.
    OfApplication(for<'p> fn(&'p App<'p>, &'p Asked<'p>) -> Proposals<'p>),
}

pub type Asked<'a> = dyn Fn(&Subject) -> bool + 'a;

pub type Proposals<'p> = Box<dyn Iterator<Item = Proposal> + 'p>;

impl Kind {
    /// What it proposes for the subjects that are asked for, found one at a time where it can be.
    pub fn proposals<'p>(
        &'p self,
        app: &'p App<'p>,
        options: Options,
        asked: &'p Asked<'p>,
    ) -> Proposals<'p> {
        match self.offers {
            Offers::OfFunction(offer) => Box::new(app.functions().filter_map(move |function| {
                let subject = Subject::function(function);
                let outcome = asked(&subject).then(|| offer(app, function, options))??;
                Some(Proposal { subject, outcome })
            })),
            Offers::OfApplication(offers) => offers(app, asked),
        }
    }
}

/// What a refactoring is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// File that it is in, or that it is.
    pub path: String,
    /// As a person names it: a function's logical id, a service, the path of a file.
    pub name: String,
    /// Logical ids of the functions that it is asked for by.
    pub functions: Vec<String>,
}

impl Subject {
    pub fn function(function: FunctionRef<'_>) -> Self {
        let id = &function.id.text;
        Self { path: function.template().path.clone(), name: id.clone(), functions: vec![id.clone()] }
    }

    pub fn file(path: &str) -> Self {
        Self { path: path.to_owned(), name: path.to_owned(), functions: Vec::new() }
    }
}

/// What comes of asking about one subject.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub subject: Subject,
    pub outcome: Outcome,
}

/// The change, or why there is none.
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

/// Kinds that answer findings of a rule.
pub fn answering(rule: &str) -> impl Iterator<Item = &'static Kind> {
    CATALOGUE.iter().filter(move |kind| kind.rules.contains(&rule))
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
