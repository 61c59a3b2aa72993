//! `pnpm-lock.yaml`.
//!
//! Source: github.com/pnpm/spec, lockfile versions 5 to 9.

use serde_yaml::Value;

use super::{Dependency, Manifest, Registry};
use crate::source::{SourceId, Sources, Span};

/// Versions of all packages but those that are marked as of development.
pub fn read(sources: &Sources, source: SourceId) -> Option<Manifest> {
    let text = sources.text(source);
    let lock: Value = serde_yaml::from_str(text).ok()?;
    let mut manifest = Manifest::new(Registry::Npm, source);
    manifest.is_generated = true;
    for (key, package) in lock.get("packages")?.as_mapping()? {
        let Some(key) = key.as_str() else { continue };
        if package.get("dev").and_then(Value::as_bool) == Some(true) {
            continue;
        }
        let Some((name, version)) = parts(key) else { continue };
        let at = text.find(key).unwrap_or_default();
        manifest.needed.push(Dependency {
            // Later versions do not say what is of development.
            is_conditional: package.get("dev").is_none(),
            ..Dependency::new(name, Some(version.to_owned()), Span::new(source, at, at + key.len()))
        });
    }
    Some(manifest)
}

/// Name and version of `/name/1.2.3`, `/name@1.2.3(peer@2)`, `@scope/name@1.2.3`.
fn parts(key: &str) -> Option<(&str, &str)> {
    let key = key.trim_start_matches('/');
    let key = key.split('(').next().unwrap_or(key);
    let from = usize::from(key.starts_with('@'));
    let found = key[from..].rfind('@').map(|at| at + from).or_else(|| key.rfind('/'));
    let (name, version) = (&key[..found?], &key[found? + 1..]);
    let version = version.split('_').next().unwrap_or(version);
    version.starts_with(|first: char| first.is_ascii_digit()).then_some((name, version))
}
