//! Whole files, lowered.

mod laws;
mod shapes;

use super::JavaScript;
use crate::frontend::Frontend;
use crate::ir::{Module, print};
use crate::source::SourceId;

fn lower(path: &str, text: &str) -> Module {
    JavaScript.lower(SourceId(0), path, text)
}

/// The lowered form as text, which must be the one expected.
#[track_caller]
fn shows(path: &str, text: &str, expected: &str) {
    let module = lower(path, text);
    assert!(module.broken.is_empty(), "{:?}", module.broken);
    let shown = print::module(&module);
    let unindented: Vec<&str> = expected
        .trim_matches('\n')
        .lines()
        .map(|line| line.strip_prefix("        ").unwrap_or(line))
        .collect();
    assert_eq!(shown.trim_end(), unindented.join("\n").trim_end(), "{shown}");
}
