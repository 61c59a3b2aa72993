//! `go.sum`: checksums of the modules that a Go build may need.
//!
//! Source: go.dev/ref/mod#go-sum-files.

use super::{Dependency, Manifest, Registry, place};
use crate::source::{SourceId, Sources};

/// Modules whose code was downloaded; the last version of each, as the file is sorted.
pub fn read(sources: &Sources, source: SourceId) -> Option<Manifest> {
    let text = sources.text(source);
    let mut manifest = Manifest::new(Registry::Go, source);
    manifest.is_generated = true;
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let (Some(module), Some(version)) = (words.next(), words.next()) else { continue };
        if version.ends_with("/go.mod") {
            continue;
        }
        let found = Dependency::new(module, Some(version.to_owned()), place::part(source, text, module));
        match manifest.needed.last_mut().filter(|last| last.name == module) {
            Some(last) => *last = found,
            None => manifest.needed.push(found),
        }
    }
    Some(manifest)
}
