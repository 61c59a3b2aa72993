//! `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3.
//!
//! Source: docs.npmjs.com/cli/configuring-npm/package-lock-json.

use serde_json::{Map, Value};

use super::{Dependency, Manifest, Registry, place};
use crate::source::{SourceId, Sources};

/// How deep version 1 nests packages at most; deeper ones are left out.
const DEPTH: usize = 32;

/// All that `npm install --omit=dev` installs; several versions of one package are several entries.
pub fn read(sources: &Sources, source: SourceId) -> Option<Manifest> {
    let text = sources.text(source);
    let lock: Value = serde_json::from_str(text).ok()?;
    let mut manifest = Manifest::new(Registry::Npm, source);
    manifest.is_generated = true;
    match (lock["packages"].as_object(), lock["dependencies"].as_object()) {
        (Some(packages), _) => {
            for (path, package) in packages {
                let Some((_, name)) = path.rsplit_once("node_modules/") else { continue };
                add(&mut manifest, text, "packages", (path, name), package);
            }
        }
        (None, Some(dependencies)) => nested(&mut manifest, text, dependencies, DEPTH),
        (None, None) => return None,
    }
    Some(manifest)
}

fn nested(manifest: &mut Manifest, text: &str, dependencies: &Map<String, Value>, depth: usize) {
    for (name, package) in dependencies {
        add(manifest, text, "dependencies", (name, name), package);
        if let Some(inner) = package["dependencies"].as_object().filter(|_| depth > 0) {
            nested(manifest, text, inner, depth - 1);
        }
    }
}

fn add(manifest: &mut Manifest, text: &str, after: &str, (key, name): (&str, &str), package: &Value) {
    let is = |mark: &str| package[mark].as_bool() == Some(true);
    if is("dev") || is("devOptional") || is("link") || is("extraneous") {
        return;
    }
    let version = package["version"].as_str().map(str::to_owned);
    let span = place::key(manifest.source, text, after, key);
    manifest.needed.push(Dependency {
        // For other platforms, or left out where it does not build.
        is_conditional: is("optional") || is("peer"),
        ..Dependency::new(name, version, span)
    });
}
