//! Templates and summaries, linked to one graph: what rules and reports read.

pub mod access;
mod arn;
mod dot;
pub mod forwarding;
mod json;
mod link;
mod mermaid;
mod model;
mod picture;
mod query;
mod roles;
mod specialise;
#[cfg(test)]
mod testing;

pub use dot::dot;
pub use json::graph_json;
pub use link::{link, reference_of, relate};
pub use mermaid::mermaid;
pub use model::*;
pub use query::{App, FunctionRef, Held, answers, described, in_worlds};
pub use specialise::{effects_on, specialise};
