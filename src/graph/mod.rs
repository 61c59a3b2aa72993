//! Templates and summaries, linked to one graph: what rules and reports read.

mod json;
mod link;
mod model;
mod query;
mod roles;
#[cfg(test)]
mod testing;

pub use json::graph_json;
pub use link::{link, reference_of};
pub use model::*;
pub use query::{App, FunctionRef, Held, described, in_worlds};
