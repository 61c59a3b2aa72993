//! Which files are code that the project itself wrote and keeps.

use std::sync::{Arc, LazyLock};

use aho_corasick::AhoCorasick;

use super::conventions::CONVENTIONS;
use super::paths::{file_name, is_foreign, is_test, upwards, without_extension};
use super::project::Project;
use crate::ir::Module;
use crate::source::{SourceId, join, parent};

/// A line longer than this was not written by hand.
const LONGEST_LINE: usize = 1000;
/// What lies beside an unpacked Python package.
const PACKAGE: &str = "PKG-INFO";
/// Where a generator says that it was one.
const HEAD_LINES: usize = 12;

/// What generators say of themselves, in any case; none where the table makes none.
static MARKS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder().ascii_case_insensitive(true).build(&CONVENTIONS.generated_marks).ok()
});

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
            let last = file_name(folder);
            self.is_installed(folder)
                || CONVENTIONS.vendored_folders.iter().any(|name| name == last)
                || (self.has_name(PACKAGE) && self.file(&join(folder, PACKAGE)).is_some())
        })
    }
}

fn is_generated(path: &str, text: &str) -> bool {
    let name = file_name(path);
    let says = |head| MARKS.as_ref().is_some_and(|marks| marks.is_match(head));
    CONVENTIONS.generated_names.iter().any(|mark| name.contains(mark.as_str()))
        || says(head(text))
        || text.lines().any(|line| line.len() > LONGEST_LINE && !line.contains(' '))
        || text.lines().take(3).any(|line| line.len() > LONGEST_LINE * 2)
}

fn head(text: &str) -> &str {
    let end = text.match_indices('\n').nth(HEAD_LINES - 1);
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}
