//! Changes to text: what a refactoring writes.

use std::collections::BTreeMap;

use crate::source::{SourceId, Sources, Span};

/// One replacement of text. An empty span inserts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    pub span: Span,
    pub text: String,
}

/// Changes to several files that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceChange {
    pub edits: Vec<Edit>,
    /// New files: path relative to the root, and text.
    pub create: Vec<(String, String)>,
    /// Files that are no longer needed.
    pub delete: Vec<SourceId>,
}

/// How far a change may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// Shown only: parts are left for the reader to fill in.
    DisplayOnly,
    /// Right, but it may change what the application does in a way that is named.
    Unsafe,
    /// Keeps the meaning.
    Safe,
}

impl Applicability {
    pub fn name(self) -> &'static str {
        match self {
            Self::DisplayOnly => "display-only",
            Self::Unsafe => "unsafe",
            Self::Safe => "safe",
        }
    }
}

/// A change with a name, offered by a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refactoring {
    /// Id of the kind of refactoring: `direct-integration`, `merge-functions`, ...
    pub id: &'static str,
    pub title: String,
    pub applicability: Applicability,
    pub change: SourceChange,
}

impl SourceChange {
    /// The new text of every edited source.
    ///
    /// Edits are applied back to front; of two that overlap the later one in the text wins and the
    /// other is left out, so the result is always well formed text.
    pub fn apply(&self, sources: &Sources) -> BTreeMap<SourceId, String> {
        let mut edits: Vec<&Edit> = self.edits.iter().collect();
        edits.sort_by_key(|edit| (edit.span.source, edit.span.start, edit.span.end));
        let mut texts = BTreeMap::new();
        let mut free_until: BTreeMap<SourceId, usize> = BTreeMap::new();
        for edit in edits.into_iter().rev() {
            let id = edit.span.source;
            let text = texts.entry(id).or_insert_with(|| sources.text(id).to_owned());
            let limit = free_until.entry(id).or_insert(usize::MAX);
            let range = edit.span.range();
            if range.end <= *limit && text.get(range.clone()).is_some() {
                *limit = range.start;
                text.replace_range(range, &edit.text);
            }
        }
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_apply_to_the_bytes_they_name_and_no_others() {
        let sources = Sources::in_memory([("a".to_owned(), "one two three".to_owned())].into());
        let id = SourceId(0);
        let change = SourceChange {
            edits: vec![
                Edit { span: Span::new(id, 0, 3), text: "1".into() },
                Edit { span: Span::new(id, 13, 13), text: "!".into() },
                Edit { span: Span::new(id, 4, 7), text: "2".into() },
            ],
            ..SourceChange::default()
        };
        assert_eq!(change.apply(&sources)[&id], "1 2 three!");
    }
}
