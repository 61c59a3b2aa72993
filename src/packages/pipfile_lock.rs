//! `Pipfile.lock`: JSON with the packages of each group.
//!
//! Source: pipenv.pypa.io/en/latest/pipfile.html.

use serde_json::Value;

use super::{Dependency, Manifest, Registry, names, place};
use crate::source::{SourceId, Sources};

/// What the default group locks.
pub fn read(sources: &Sources, source: SourceId) -> Option<Manifest> {
    let text = sources.text(source);
    let lock: Value = serde_json::from_str(text).ok()?;
    let mut manifest = Manifest::new(Registry::Pypi, source);
    manifest.is_generated = true;
    for (name, package) in lock["default"].as_object()? {
        let version = package["version"].as_str().and_then(|version| version.strip_prefix("=="));
        let span = place::key(source, text, "default", name);
        manifest.needed.push(Dependency::new(names::pypi(name), version.map(str::to_owned), span));
    }
    Some(manifest)
}
