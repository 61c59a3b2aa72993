//! The files of a run as handlers see them: by name, and lowered when first asked for.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};

use super::files::Files;
use super::json_module;
use super::modules::Lowered;
use super::packages::{self, Packages};
use super::paths::{ends_with, file_name, is_foreign, upwards};
use super::tsconfig::{self, TsConfig};
use crate::source::{SourceId, Sources};
use rustc_hash::FxHashMap;

/// All files of a run with what is known of them; shared by all handlers, from any thread.
///
/// Each source is lowered at most once.
pub struct Project<'a> {
    pub(super) sources: Files<'a>,
    known: Arc<Known<'a>>,
}

/// What all searches share.
struct Known<'a> {
    /// Files of code by the last part of their path, in path order.
    by_name: FxHashMap<&'a str, Vec<SourceId>>,
    /// All folders, installed packages' too.
    folders: BTreeSet<&'a str>,
    modules: Vec<OnceLock<Option<Arc<Lowered>>>>,
    packages: OnceLock<Packages>,
    tsconfigs: Mutex<FxHashMap<String, ReadConfig>>,
}

/// A TypeScript configuration, and the files it was read from.
type ReadConfig = (Option<Arc<TsConfig>>, BTreeSet<SourceId>);

impl fmt::Debug for Project<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Project({} files)", self.known.modules.len())
    }
}

impl<'a> Project<'a> {
    pub fn new(sources: &'a Sources) -> Self {
        let mut by_name: FxHashMap<&str, Vec<SourceId>> = FxHashMap::default();
        let mut folders = BTreeSet::new();
        for id in sources.ids() {
            let path = sources.path(id);
            if !is_foreign(path) {
                by_name.entry(file_name(path)).or_default().push(id);
            }
            for folder in upwards(crate::source::parent(path)) {
                // The folders above a known one are known.
                if !folders.insert(folder) {
                    break;
                }
            }
        }
        let known = Known {
            by_name,
            folders,
            modules: sources.ids().map(|_| OnceLock::new()).collect(),
            packages: OnceLock::new(),
            tsconfigs: Mutex::new(FxHashMap::default()),
        };
        Self { sources: Files::new(sources), known: Arc::new(known) }
    }

    /// The same project for a search of its own, see [`Project::read`].
    #[must_use]
    pub fn search(&self) -> Self {
        Self { sources: self.sources.unread(), known: Arc::clone(&self.known) }
    }

    /// The files whose texts this search has used so far.
    pub fn read(&self) -> BTreeSet<SourceId> {
        self.sources.read()
    }

    /// The module of a source; `None` where no front end reads it.
    pub(super) fn module(&self, source: SourceId) -> Option<&Arc<Lowered>> {
        let slot = self.known.modules.get(source.0 as usize)?;
        let (path, text) = (self.sources.path(source), self.sources.text(source));
        slot.get_or_init(|| {
            let module = match crate::frontend::for_path(path) {
                Some(frontend) => frontend.lower(source, path, text),
                None => json_module::lower(source, text).filter(|_| path.ends_with(".json"))?,
            };
            Some(Arc::new(Lowered::new(module)))
        })
        .as_ref()
    }

    /// Its JavaScript packages.
    pub(super) fn packages(&self) -> &Packages {
        let manifests = self.named(packages::MANIFEST);
        self.sources.note(manifests.iter().copied());
        self.known.packages.get_or_init(|| Packages::new(&self.sources, manifests))
    }

    /// The TypeScript configuration in a folder.
    pub(super) fn tsconfig(&self, folder: &str) -> Option<Arc<TsConfig>> {
        let read = || {
            let files = self.sources.unread();
            (tsconfig::in_folder(&files, folder).map(Arc::new), files.read())
        };
        // Without the lock (another thread died holding it) it is only read once more.
        let (config, from) = match self.known.tsconfigs.lock() {
            Ok(mut known) => match known.get(folder) {
                Some(known) => known.clone(),
                None => known.entry(folder.to_owned()).or_insert(read()).clone(),
            },
            Err(_) => read(),
        };
        self.sources.note(from);
        config
    }

    /// The project's own files with this name, in path order.
    pub(super) fn named(&self, name: &str) -> &[SourceId] {
        self.known.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The files whose path ends with these parts, in path order.
    pub(super) fn with_suffix<'p>(&'p self, suffix: &'p str) -> impl Iterator<Item = SourceId> + 'p {
        self.named(file_name(suffix))
            .iter()
            .copied()
            .filter(move |id| ends_with(self.sources.path(*id), suffix))
    }

    pub(super) fn file(&self, path: &str) -> Option<SourceId> {
        self.sources.find(path)
    }

    /// All folders in path order, those of installed packages too; `""` is the root.
    pub(super) fn folders(&self) -> &BTreeSet<&'a str> {
        &self.known.folders
    }

    pub(super) fn has_folder(&self, path: &str) -> bool {
        self.sources.under(path).next().is_some()
    }
}
