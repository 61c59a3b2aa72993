//! The files of a run as one search sees them: it is noted which texts the search has read.
//!
//! What a search finds depends on the paths of the run, which all may be asked for, and on these
//! texts alone; so it can be kept as long as both are the same.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::source::{SourceId, Sources, Span};

/// Paths of all files, and their texts for a note.
#[derive(Debug)]
pub struct Files<'a> {
    sources: &'a Sources,
    read: Mutex<BTreeSet<SourceId>>,
}

impl<'a> Files<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Self { sources, read: Mutex::default() }
    }

    /// The same files, of which nothing was read yet.
    pub(super) fn unread(&self) -> Self {
        Self::new(self.sources)
    }

    /// The files whose texts were read through this.
    pub(super) fn read(&self) -> BTreeSet<SourceId> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes texts that were read before, by another.
    pub(super) fn note(&self, sources: impl IntoIterator<Item = SourceId>) {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).extend(sources);
    }

    pub(super) fn text(&self, id: SourceId) -> &'a str {
        self.note([id]);
        self.sources.text(id)
    }

    pub(super) fn error(&self, id: SourceId) -> Option<&'a str> {
        self.note([id]);
        self.sources.error(id)
    }

    pub(super) fn slice(&self, span: Span) -> &'a str {
        self.note([span.source]);
        self.sources.slice(span)
    }

    pub(super) fn find(&self, path: &str) -> Option<SourceId> {
        self.sources.find(path)
    }

    pub(super) fn path(&self, id: SourceId) -> &'a str {
        self.sources.path(id)
    }

    pub(super) fn folder(&self, id: SourceId) -> &'a str {
        self.sources.folder(id)
    }

    pub(super) fn under(&self, folder: &str) -> impl Iterator<Item = SourceId> + 'a {
        self.sources.under(folder)
    }
}
