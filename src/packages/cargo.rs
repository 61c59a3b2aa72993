//! `Cargo.lock`.
//!
//! Source: doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html.

use toml::de::DeTable;

use super::toml_lock::text;
use super::{Dependency, Manifest, Registry};
use crate::source::{SourceId, Sources, Span};

/// All crates that are locked but those of the project, which have no source.
pub fn read(sources: &Sources, source: SourceId) -> Option<Manifest> {
    let table = DeTable::parse(sources.text(source)).ok()?;
    let mut manifest = Manifest::new(Registry::Crates, source);
    manifest.is_generated = true;
    for package in table.get_ref().get("package")?.get_ref().as_array()? {
        let Some(package) = package.get_ref().as_table().filter(|package| package.contains_key("source"))
        else {
            continue;
        };
        let Some((name, span)) = text(package, "name") else { continue };
        let version = text(package, "version").map(|(version, _)| version.to_owned());
        manifest.needed.push(Dependency::new(name, version, Span::new(source, span.start, span.end)));
    }
    Some(manifest)
}
