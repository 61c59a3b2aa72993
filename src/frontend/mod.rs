//! From source text to [`ir`](crate::ir): one file per language.
//!
//! A front end only translates. It knows no AWS, no Lambda and no other language, and it never
//! fails: what it cannot parse is cut out and listed, what it cannot say in the common form becomes
//! `Unknown`.

mod javascript;
mod python;
pub mod resolve;

pub use python::{WrittenImport, imports as python_imports};

use crate::ir::Module;
use crate::source::SourceId;

/// The translation of one language.
pub trait Frontend: Sync {
    /// File name endings without the dot, most usual first.
    fn extensions(&self) -> &'static [&'static str];

    /// Translates a file. `path` tells dialects apart (`.ts`, `.tsx`); `text` is the whole file.
    fn lower(&self, source: SourceId, path: &str, text: &str) -> Module;
}

const FRONTENDS: &[&dyn Frontend] = &[&python::Python, &javascript::JavaScript];

/// The front end for a file, by the ending of its name.
pub fn for_path(path: &str) -> Option<&'static dyn Frontend> {
    let (_, extension) = path.rsplit_once('.')?;
    FRONTENDS.iter().copied().find(|frontend| frontend.extensions().contains(&extension))
}
