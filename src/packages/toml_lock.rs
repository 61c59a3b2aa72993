//! `poetry.lock` and `uv.lock`: lists of packages in TOML.
//!
//! Sources: python-poetry.org/docs/basic-usage, docs.astral.sh/uv/concepts/projects/layout.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Dependency, Manifest, Registry, names};
use crate::source::{SourceId, Sources, Span};

/// All that is locked, for whatever group: versions, not what is installed.
pub fn read(sources: &Sources, source: SourceId) -> Option<Manifest> {
    let table = DeTable::parse(sources.text(source)).ok()?;
    let mut manifest = Manifest::new(Registry::Pypi, source);
    manifest.is_generated = true;
    for package in table.get_ref().get("package")?.get_ref().as_array()? {
        let Some(package) = package.get_ref().as_table() else { continue };
        let Some((name, span)) = text(package, "name") else { continue };
        let version = text(package, "version").map(|(version, _)| version.to_owned());
        let span = Span::new(source, span.start, span.end);
        let archive = archive(package);
        manifest.needed.push(Dependency { archive, ..Dependency::new(names::pypi(name), version, span) });
    }
    Some(manifest)
}

pub fn text<'t>(table: &'t DeTable<'_>, key: &str) -> Option<(&'t str, std::ops::Range<usize>)> {
    let value: &Spanned<DeValue<'_>> = table.get(key)?;
    Some((value.get_ref().as_str()?, value.span()))
}

/// The smallest wheel that runs on Linux; what it unpacks to is more.
fn archive(package: &DeTable<'_>) -> Option<u64> {
    let wheels = package.get("wheels")?.get_ref().as_array()?;
    let sizes = wheels.iter().filter_map(|wheel| {
        let wheel = wheel.get_ref().as_table()?;
        let (url, _) = text(wheel, "url")?;
        let fits = url.contains("linux") || url.ends_with("-any.whl");
        let size = wheel.get("size")?.get_ref().as_integer()?.as_str().parse().ok();
        size.filter(|_| fits)
    });
    sizes.min()
}
