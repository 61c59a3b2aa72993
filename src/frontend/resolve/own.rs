//! Which files are code that the project itself wrote and keeps.

use std::sync::Arc;

use super::conventions::CONVENTIONS;
use super::paths::{file_name, is_foreign, is_test, upwards, without_extension};
use super::project::Project;
use crate::ir::Module;
use crate::source::{SourceId, join, parent};

/// A line longer than this was not written by hand.
const LONGEST_LINE: usize = 1000;
/// Where a generator says that it was one.
const HEAD_LINES: usize = 12;

impl Project<'_> {
    /// Whether a file is the project's own code: not a test, not made by a program, not a copy of what
    /// others publish.
    pub fn is_own(&self, source: SourceId) -> bool {
        let path = self.sources.path(source);
        let stem = without_extension(file_name(path));
        !(is_foreign(path)
            || is_test(path)
            || CONVENTIONS.copied_modules.iter().any(|name| name == stem)
            || is_generated(path, self.sources.text(source))
            || self.is_brought_in(path))
    }

    /// The module of a file of code.
    pub fn code(&self, source: SourceId) -> Option<Arc<Module>> {
        crate::frontend::for_path(self.sources.path(source))?;
        Some(Arc::clone(&self.module(source)?.module))
    }

    /// Whether an installer put a file there: the metadata of its package lies beside it, or its folder is
    /// that of a published package.
    fn is_brought_in(&self, path: &str) -> bool {
        upwards(parent(path)).filter(|folder| !folder.is_empty()).any(|folder| {
            self.is_installed(folder)
                || CONVENTIONS.vendored_folders.iter().any(|name| name == file_name(folder))
                || self.file(&join(folder, "PKG-INFO")).is_some()
        })
    }
}

fn is_generated(path: &str, text: &str) -> bool {
    let says = |line: &str| {
        let line = line.to_ascii_lowercase();
        CONVENTIONS.generated_marks.iter().any(|mark| line.contains(mark.as_str()))
    };
    let name = file_name(path);
    CONVENTIONS.generated_names.iter().any(|mark| name.contains(mark.as_str()))
        || text.lines().take(HEAD_LINES).any(says)
        || text.lines().any(|line| line.len() > LONGEST_LINE && !line.contains(' '))
        || text.lines().take(3).any(|line| line.len() > LONGEST_LINE * 2)
}
