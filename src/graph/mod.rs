//! Templates and summaries, linked to one graph: what rules and reports read.

mod model;

pub use model::*;
