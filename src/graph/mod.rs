//! Templates and summaries, linked to one graph: what rules and reports read.

mod json;
mod link;
mod model;

pub use json::graph_json;
pub use link::link;
pub use model::*;
