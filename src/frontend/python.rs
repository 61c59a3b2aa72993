//! Python.

use super::Frontend;
use crate::ir::{Exports, Language, Module};
use crate::source::SourceId;

#[derive(Debug)]
pub struct Python;

impl Frontend for Python {
    fn extensions(&self) -> &'static [&'static str] {
        &["py"]
    }

    fn lower(&self, source: SourceId, _path: &str, _text: &str) -> Module {
        Module {
            source,
            language: Language::Python,
            locals: Vec::new(),
            body: Vec::new(),
            exports: Exports::Locals,
            broken: Vec::new(),
        }
    }
}
