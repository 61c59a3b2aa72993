//! Templates and summaries, linked to one graph: what rules and reports read.

mod model;
mod query;

pub use model::*;
pub use query::{App, FunctionRef};
