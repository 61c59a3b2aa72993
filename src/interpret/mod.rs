//! From [`ir`](crate::ir) to [`summary`](crate::summary): what a handler does, by abstract
//! interpretation over symbolic values.

use crate::ir::Program;
use crate::summary::Summary;

/// Interprets one handler. Bounded in time and memory; what was not followed is among the unknowns.
pub fn summarize(_program: &Program) -> Option<Summary> {
    None
}
