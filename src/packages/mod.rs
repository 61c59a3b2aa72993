//! What manifests and lock files say about the dependencies of a folder, and how large these are.
//!
//! One file per format. A reader takes a text and gives what it understood; what it did not is told by
//! [`Manifest::is_open`], never guessed.

mod cargo;
mod dotnet;
mod go;
mod maven;
pub mod names;
mod package_json;
mod package_lock;
mod pipfile_lock;
mod place;
mod pnpm_lock;
mod requirements;
mod sizes;
#[cfg(test)]
mod tests;
mod toml_lock;
mod yarn_lock;

pub use sizes::{Known, Registry, size};

use crate::source::{SourceId, Sources, Span, join};

/// A package that some code needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// As its registry compares names: `python-jose`, `@aws-sdk/client-s3`, `group:artifact`.
    pub name: String,
    /// The only version it can be.
    pub version: Option<String>,
    /// Where it is written, or locked.
    pub span: Span,
    /// Extras, features: they bring more packages.
    pub extras: bool,
    /// Installed on some platforms or versions only.
    pub is_conditional: bool,
    /// What the archive of it has, by a lock file.
    pub archive: Option<u64>,
}

impl Dependency {
    fn new(name: impl Into<String>, version: Option<String>, span: Span) -> Self {
        Self { name: name.into(), version, span, extras: false, is_conditional: false, archive: None }
    }
}

/// The dependencies that are installed for the code of a folder; those of its development are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    pub registry: Registry,
    pub source: SourceId,
    /// What the project itself declares, in the order of the file.
    pub declared: Vec<Dependency>,
    /// What these need in turn, where a lock file lists it.
    pub needed: Vec<Dependency>,
    /// A tool wrote it: what is declared may be needed by something else.
    pub is_generated: bool,
    /// More may be installed than was understood: from other files, paths, URLs, indexes.
    pub is_open: bool,
}

impl Manifest {
    fn new(registry: Registry, source: SourceId) -> Self {
        Self {
            registry,
            source,
            declared: Vec::new(),
            needed: Vec::new(),
            is_generated: false,
            is_open: false,
        }
    }

    pub fn all(&self) -> impl Iterator<Item = &Dependency> {
        self.declared.iter().chain(&self.needed)
    }
}

/// The manifest from which a folder's dependencies are installed, with versions by the lock file beside
/// it.
pub fn of_folder(sources: &Sources, folder: &str, registry: Registry) -> Option<Manifest> {
    let file = |name: &str| sources.find(&join(folder, name));
    let read = |name: &str, read: fn(&Sources, SourceId) -> Option<Manifest>| read(sources, file(name)?);
    match registry {
        Registry::Pypi => {
            let mut manifest = requirements::read(sources, file("requirements.txt")?);
            let locks = [
                ("uv.lock", toml_lock::read as fn(&Sources, SourceId) -> Option<Manifest>),
                ("poetry.lock", toml_lock::read),
                ("Pipfile.lock", pipfile_lock::read),
            ];
            if let Some(lock) = locks.iter().find_map(|(name, of)| read(name, *of)) {
                settle(&mut manifest.declared, &lock);
            }
            Some(manifest)
        }
        Registry::Npm => {
            let mut manifest = package_json::read(sources, file("package.json")?)?;
            let locks = [
                ("package-lock.json", package_lock::read as fn(&Sources, SourceId) -> Option<Manifest>),
                ("npm-shrinkwrap.json", package_lock::read),
                ("yarn.lock", yarn_lock::read),
                ("pnpm-lock.yaml", pnpm_lock::read),
            ];
            if let Some(lock) = locks.iter().find_map(|(name, of)| read(name, *of)) {
                settle(&mut manifest.declared, &lock);
                let known = |dependency: &Dependency| {
                    manifest.declared.iter().any(|declared| declared.name == dependency.name)
                };
                manifest.needed = lock.needed.into_iter().filter(|needed| !known(needed)).collect();
            }
            Some(manifest)
        }
        Registry::Maven => read("pom.xml", maven::read),
        Registry::Go => read("go.sum", go::read),
        Registry::Crates => read("Cargo.lock", cargo::read),
        Registry::Nuget => {
            let own = sources.under(folder).filter(|id| sources.folder(*id) == folder);
            let mut projects = own.filter(|id| sources.path(*id).ends_with(".csproj"));
            dotnet::read(sources, projects.next()?)
        }
    }
}

/// Takes versions and sizes from a lock file.
fn settle(declared: &mut [Dependency], lock: &Manifest) {
    for dependency in declared {
        let mut locked = lock.all().filter(|locked| locked.name == dependency.name);
        // Of a package that is locked in several versions it is not said which one this is.
        let (Some(only), None) = (locked.next(), locked.next()) else { continue };
        dependency.version = dependency.version.take().or_else(|| only.version.clone());
        if dependency.version == only.version {
            dependency.archive = only.archive;
        }
    }
}
