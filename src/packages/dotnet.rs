//! `.csproj`: what a .NET project declares.
//!
//! Source: learn.microsoft.com/nuget/consume-packages/package-references-in-project-files.

use roxmltree::Document;

use super::{Dependency, Manifest, Registry};
use crate::source::{SourceId, Sources, Span};

pub fn read(sources: &Sources, source: SourceId) -> Option<Manifest> {
    let document = Document::parse(sources.text(source)).ok()?;
    let mut manifest = Manifest::new(Registry::Nuget, source);
    for node in document.descendants() {
        match node.tag_name().name() {
            "PackageReference" => {
                let Some(name) = node.attribute("Include") else { continue };
                let version =
                    node.attribute("Version").filter(|version| !version.contains(['*', '[', '(', '$']));
                let span = Span::new(source, node.range().start, node.range().end);
                manifest.declared.push(Dependency {
                    is_conditional: node.attribute("Condition").is_some(),
                    ..Dependency::new(name, version.map(str::to_owned), span)
                });
            }
            "ProjectReference" | "Import" => manifest.is_open = true,
            _ => {}
        }
    }
    Some(manifest)
}
