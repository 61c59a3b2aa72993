//! Guard files as rules.
//!
//! What can be said about one node, without an edit, is a Guard file under `rules/`: a header with
//! the same fields as a native rule, its documentation in comments, then the rule. It reads a view of
//! the graph: one object per node, with its facts inlined and what is unknown left out.

#[cfg(feature = "guard")]
mod engine;
#[cfg(feature = "guard")]
mod policy;
#[cfg(feature = "guard")]
mod view;

#[cfg(feature = "guard")]
pub use policy::{Policy, shipped};

/// Without the feature there are no Guard rules.
#[cfg(not(feature = "guard"))]
pub fn shipped() -> Vec<&'static dyn crate::rule::Rule> {
    Vec::new()
}
