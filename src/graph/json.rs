//! The published form of the graph: flat, versioned, every entry self-contained.

use serde_json::{Value, json};

use super::Graph;
use crate::source::Sources;

/// Grows when a field changes its meaning; new fields do not count.
pub const VERSION: u32 = 1;

/// The graph as documented for users.
pub fn graph_json(_graph: &Graph, _sources: &Sources) -> Value {
    json!({ "version": VERSION })
}
