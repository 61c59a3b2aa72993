//! Packages of the project itself: workspaces, `file:` dependencies, and what they export.

use std::collections::BTreeMap;

use serde_json::Value;

use super::files::Files;
use super::paths::{upwards, within};
use crate::source::{SourceId, join};

/// The file that makes a folder a package.
pub(super) const MANIFEST: &str = "package.json";

/// A package of the project.
#[derive(Debug)]
pub(super) struct Package {
    pub folder: String,
    manifest: Value,
}

/// The project's packages by name; several may have the same.
#[derive(Debug, Default)]
pub(super) struct Packages {
    by_name: BTreeMap<String, Vec<Package>>,
    by_folder: BTreeMap<String, Value>,
}

impl Packages {
    /// Reads the project's manifests; one that is no JSON is left out.
    pub fn new(files: &Files<'_>, manifests: &[SourceId]) -> Self {
        let mut packages = Self::default();
        for &source in manifests {
            let Ok(manifest) = serde_json::from_str::<Value>(files.text(source)) else { continue };
            let folder = files.folder(source).to_owned();
            packages.by_folder.insert(folder.clone(), manifest.clone());
            if let Some(name) = manifest["name"].as_str().map(str::to_owned) {
                packages.by_name.entry(name).or_default().push(Package { folder, manifest });
            }
        }
        packages
    }

    /// The package an import names, and the path inside it (`""` for the package itself).
    pub fn find<'t>(&self, importer: &str, text: &'t str) -> Option<(&Package, &'t str)> {
        let (name, inside) = split(text);
        // The nearest of equal names: most folders in common with the importer.
        let package = self.by_name.get(name)?.iter().min_by_key(|package| {
            upwards(importer).position(|above| within(&package.folder, above)).unwrap_or(usize::MAX)
        })?;
        Some((package, inside))
    }

    /// The folder of a dependency that the importer's package takes from the project by its path.
    pub fn by_path(&self, importer: &str, text: &str) -> Option<String> {
        let (name, inside) = split(text);
        upwards(importer).filter_map(|folder| Some((folder, self.by_folder.get(folder)?))).find_map(
            |(folder, manifest)| {
                let version = ["dependencies", "devDependencies", "peerDependencies"]
                    .iter()
                    .find_map(|kind| manifest[*kind][name].as_str())?;
                let path =
                    ["file:", "link:", "portal:"].iter().find_map(|scheme| version.strip_prefix(scheme))?;
                Some(join(&join(folder, path), inside))
            },
        )
    }

    /// What `#name` stands for by the nearest `imports`.
    pub fn internal(&self, importer: &str, text: &str) -> Option<String> {
        upwards(importer).find_map(|folder| {
            let imports = self.by_folder.get(folder)?["imports"].as_object()?;
            let target = mapped(imports, text)?;
            Some(join(folder, &target))
        })
    }

    pub fn manifest(&self, folder: &str) -> Option<&Value> {
        self.by_folder.get(folder)
    }
}

impl Package {
    /// Paths, from the root, where the import of a part of the package may lead; best first.
    pub fn candidates(&self, inside: &str) -> Vec<String> {
        if inside.is_empty() {
            return entries(&self.folder, &self.manifest);
        }
        let exported =
            self.manifest["exports"].as_object().and_then(|exports| mapped(exports, &format!("./{inside}")));
        let plain = [inside.to_owned(), format!("src/{inside}"), format!("lib/{inside}")];
        exported.into_iter().chain(plain).map(|path| join(&self.folder, &path)).collect()
    }
}

/// Where a package in a folder begins, by its manifest and then by custom.
pub(super) fn entries(folder: &str, manifest: &Value) -> Vec<String> {
    let exports = &manifest["exports"];
    let exported = target(if exports["."].is_null() { exports } else { &exports["."] });
    let fields = ["source", "module", "main", "types"].iter().filter_map(|field| manifest[*field].as_str());
    let written = exported.as_deref().into_iter().chain(fields);
    written.chain(["src/index", "index", "lib/index"]).map(|path| join(folder, path)).collect()
}

/// `@scope/name/inside` as `@scope/name` and `inside`.
fn split(text: &str) -> (&str, &str) {
    let parts = if text.starts_with('@') { 2 } else { 1 };
    match text.match_indices('/').nth(parts - 1) {
        Some((at, _)) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    }
}

/// A key of `exports` or `imports`, with at most one star, and what it leads to.
fn mapped(table: &serde_json::Map<String, Value>, text: &str) -> Option<String> {
    if let Some(value) = table.get(text) {
        return target(value);
    }
    table.iter().find_map(|(key, value)| {
        let (before, after) = key.split_once('*')?;
        let rest = text.strip_prefix(before)?.strip_suffix(after)?;
        Some(target(value)?.replace('*', rest))
    })
}

/// The path in a conditional export; conditions in the order a source is most likely.
fn target(value: &Value) -> Option<String> {
    let mut value = value;
    for _ in 0..4 {
        match value {
            Value::String(path) => return Some(path.clone()),
            Value::Object(conditions) => {
                let known = ["source", "development", "import", "require", "node", "default", "types"];
                value = known.iter().find_map(|condition| conditions.get(*condition))?;
            }
            Value::Array(several) => value = several.first()?,
            _ => return None,
        }
    }
    None
}

/// The first path that is a file, by a way of looking for files.
pub(super) fn first_file(paths: &[String], look: impl Fn(&str) -> Option<SourceId>) -> Option<SourceId> {
    paths.iter().find_map(|path| look(path))
}
