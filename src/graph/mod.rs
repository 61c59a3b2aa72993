//! Templates and summaries, linked to one graph: what rules and reports read.

pub mod access;
mod arn;
mod calls;
pub mod clones;
pub mod difference;
mod dot;
pub mod environments;
mod failures;
pub mod forwarding;
mod json;
mod link;
pub mod merging;
mod mermaid;
mod model;
pub mod packaging;
mod picture;
mod placed;
mod query;
mod roles;
pub mod services;
mod specialise;
#[cfg(test)]
mod testing;
pub mod waits;

pub use calls::Call;
pub use dot::dot;
pub use failures::takes_failures;
pub use json::graph_json;
pub use link::{link, reference_of, relate};
pub use mermaid::mermaid;
pub use model::*;
pub use placed::{Placed, of_template};
pub use query::{App, FunctionRef, Held, answers, described, in_worlds, only_in};
pub use specialise::{effects_on, settled, specialise};
