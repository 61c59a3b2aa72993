//! Sizes of files that are there: what a build left, installed packages, files of the code itself.

use std::collections::BTreeMap;

use super::built::About;
use super::{Basis, Built, Item, Package};
use crate::packages::{Registry, names};
use crate::source::{Measure, Sources, join};

/// Endings of texts that people write: they never make a package large, and need not be measured.
const LIGHT: &[&str] = &[
    "cfg",
    "cjs",
    "cs",
    "css",
    "csproj",
    "env",
    "go",
    "gradle",
    "graphql",
    "html",
    "ini",
    "java",
    "js",
    "json",
    "jsx",
    "kt",
    "lock",
    "md",
    "mjs",
    "mod",
    "properties",
    "py",
    "pyi",
    "rb",
    "rs",
    "rst",
    "sh",
    "sum",
    "toml",
    "ts",
    "tsx",
    "txt",
    "xml",
    "yaml",
    "yml",
];

/// An archive weighs at least what it is packed to.
pub(super) fn archive(sources: &Sources, path: &str) -> Vec<Item> {
    let Some(measure) = sources.measure(path) else { return Vec::new() };
    vec![item(path, measure.bytes())]
}

/// What the last `sam build` left for it, if that is of the code as it is now.
pub(super) fn build(sources: &Sources, about: &About<'_>, package: &Package) -> Option<Vec<Item>> {
    let folder = package.folder.as_deref()?;
    let top = join(about.folder(), ".aws-sam");
    sources.measure(&join(&top, "build.toml"))?;
    let left = sources.measure(&join(&top, &format!("build/{}", about.id)))?;
    is_current(sources, folder, &left).then(|| grouped(&left, about, package))
}

/// Whether the code and the manifest of a folder are in what a build left, byte for byte by their sizes.
fn is_current(sources: &Sources, folder: &str, left: &Measure) -> bool {
    let size = |path: &str| left.files.iter().find(|(known, _)| known == path).map(|(_, size)| *size);
    let mut compared = 0;
    for id in sources.under(folder) {
        let path = sources.path(id);
        let inside = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
        let is_code = [".py", ".js", ".mjs", ".cjs", "requirements.txt", "package.json"];
        if !is_code.iter().any(|ending| inside.ends_with(ending)) || inside.contains("node_modules/") {
            continue;
        }
        let now = sources.measure(path).map(|measure| measure.bytes());
        if now.is_none() || now != size(inside) {
            return false;
        }
        compared += 1;
    }
    compared > 0
}

/// What a folder weighs that is packed as it is, or what its own files weigh beside what is installed.
pub(super) fn own(sources: &Sources, about: &About<'_>, package: &Package) -> Vec<Item> {
    let Some(folder) = &package.folder else { return Vec::new() };
    match package.built {
        Built::AsItIs => match sources.measure(folder) {
            Some(measure) => grouped(&measure, about, package),
            None => Vec::new(),
        },
        Built::Installed => {
            let heavy = sources.under(folder).filter(|id| is_heavy(sources.path(*id)));
            let sized = heavy.filter_map(|id| {
                let path = sources.path(id);
                Some(item(path, sources.measure(path)?.bytes()))
            });
            sized.collect()
        }
        Built::Bundled | Built::Archive | Built::Unknown => Vec::new(),
    }
}

fn is_heavy(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| !LIGHT.contains(&ending.to_lowercase().as_str()))
        // `sam build` leaves these behind.
        && !path.split('/').any(|part| part.starts_with('.'))
        && !["so", "pyc"].iter().any(|left| ending == Some(left))
}

/// The packages that are installed beside a manifest, with their sizes.
pub(super) fn installed(sources: &Sources, folder: &str, registry: Registry) -> BTreeMap<String, u64> {
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    if registry != Registry::Npm {
        return found;
    }
    let Some(measure) = sources.measure(&join(folder, "node_modules")) else { return found };
    for (path, size) in &measure.files {
        if let Some(name) = npm_name(path) {
            *found.entry(name.to_owned()).or_default() += size;
        }
    }
    found
}

/// `@scope/name` of `@scope/name/lib/index.js`.
fn npm_name(path: &str) -> Option<&str> {
    let parts = if path.starts_with('@') { 2 } else { 1 };
    let end = path.match_indices('/').nth(parts - 1)?.0;
    Some(&path[..end]).filter(|name| !name.starts_with('.'))
}

/// The files of a package by the dependency they belong to.
fn grouped(measure: &Measure, about: &About<'_>, package: &Package) -> Vec<Item> {
    let mut sizes: BTreeMap<String, u64> = BTreeMap::new();
    let mut versions: BTreeMap<String, String> = BTreeMap::new();
    for (path, size) in &measure.files {
        let (name, version) = owner(path);
        if let Some(version) = version {
            versions.insert(name.clone(), version);
        }
        *sizes.entry(name).or_default() += size;
    }
    let declared = package.manifest.iter().flat_map(|manifest| manifest.all());
    let declared: Vec<_> = declared.collect();
    let named = |module: &str| {
        let is_it = |name: &str| {
            let known = about.registry.and_then(|registry| names::known(registry, name));
            name == names::pypi(module) || known.is_some_and(|known| known.imports().any(|own| own == module))
        };
        declared.iter().find(|dependency| is_it(&dependency.name))
    };
    let all = sizes.into_iter().map(|(name, bytes)| {
        let dependency = named(&name);
        Item {
            version: versions.remove(&names::pypi(&name)).or_else(|| versions.remove(&name)),
            span: dependency.map(|dependency| dependency.span),
            name: dependency.map_or(name, |dependency| dependency.name.clone()),
            bytes,
            basis: Basis::Measured,
            brought_by: None,
        }
    });
    all.collect()
}

/// The package a file belongs to, and its version where the path tells it.
fn owner(path: &str) -> (String, Option<String>) {
    if let Some((_, inside)) = path.split_once("node_modules/") {
        return (npm_name(inside).unwrap_or(inside).to_owned(), None);
    }
    let inside = match path.split_once("/site-packages/") {
        Some((_, inside)) => inside,
        None => path.strip_prefix("python/").unwrap_or(path),
    };
    let Some((first, _)) = inside.split_once('/') else { return (inside.to_owned(), None) };
    if let Some((name, version)) = first.strip_suffix(".dist-info").and_then(|first| first.rsplit_once('-')) {
        return (names::pypi(name), Some(version.to_owned()));
    }
    (first.strip_suffix(".libs").unwrap_or(first).to_owned(), None)
}

fn item(name: &str, bytes: u64) -> Item {
    let (version, span, brought_by) = (None, None, None);
    Item { name: name.to_owned(), version, span, bytes, basis: Basis::Measured, brought_by }
}
