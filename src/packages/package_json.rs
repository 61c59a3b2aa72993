//! `package.json`: what a JavaScript package declares.
//!
//! Source: docs.npmjs.com/cli/configuring-npm/package-json.

use serde_json::Value;

use super::{Dependency, Manifest, Registry, place};
use crate::source::{SourceId, Sources};

pub fn read(sources: &Sources, source: SourceId) -> Option<Manifest> {
    let text = sources.text(source);
    let package: Value = serde_json::from_str(text).ok()?;
    let mut manifest = Manifest::new(Registry::Npm, source);
    for kind in ["dependencies", "optionalDependencies"] {
        for (name, version) in package[kind].as_object().into_iter().flatten() {
            let version = version.as_str().unwrap_or_default();
            // `file:`, `workspace:`, `github:`, URLs.
            if version.contains([':', '/']) && !version.starts_with("npm:") {
                manifest.is_open = true;
                continue;
            }
            let exact = version.starts_with(|first: char| first.is_ascii_digit())
                && version.matches('.').count() >= 2
                && !version.contains([' ', 'x', '*', '|']);
            let version = exact.then(|| version.to_owned());
            manifest.declared.push(Dependency {
                is_conditional: kind == "optionalDependencies",
                ..Dependency::new(name, version, place::key(source, text, kind, name))
            });
        }
    }
    Some(manifest)
}
