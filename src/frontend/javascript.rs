//! JavaScript.

use super::Frontend;
use crate::ir::{Exports, Language, Module};
use crate::source::SourceId;

#[derive(Debug)]
pub struct JavaScript;

impl Frontend for JavaScript {
    fn extensions(&self) -> &'static [&'static str] {
        &["js", "mjs", "cjs", "ts", "mts", "cts", "tsx", "jsx"]
    }

    fn lower(&self, source: SourceId, _path: &str, _text: &str) -> Module {
        Module {
            source,
            language: Language::JavaScript,
            locals: Vec::new(),
            body: Vec::new(),
            exports: Exports::Locals,
            broken: Vec::new(),
        }
    }
}
