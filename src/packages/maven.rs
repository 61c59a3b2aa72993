//! `pom.xml`: what a Maven project declares.
//!
//! Source: maven.apache.org/pom.html.

use roxmltree::{Document, Node};

use super::{Dependency, Manifest, Registry};
use crate::source::{SourceId, Sources, Span};

/// Dependencies that end up in the package: those of scope `compile` and `runtime`.
pub fn read(sources: &Sources, source: SourceId) -> Option<Manifest> {
    let document = Document::parse(sources.text(source)).ok()?;
    let project = document.root_element();
    let mut manifest = Manifest::new(Registry::Maven, source);
    // A parent may declare more.
    manifest.is_open = child(project, "parent").is_some();
    let properties = child(project, "properties");
    let property = |name: &str| text(properties?, name);
    let declared = child(project, "dependencies")?;
    for node in declared.children().filter(|node| node.has_tag_name("dependency")) {
        let (Some(group), Some(artifact)) = (text(node, "groupId"), text(node, "artifactId")) else {
            continue;
        };
        if matches!(text(node, "scope"), Some("test" | "provided" | "system" | "import")) {
            continue;
        }
        let version = text(node, "version").and_then(|version| {
            let name = version.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
            name.map_or(Some(version), property)
        });
        let version = version.filter(|version| !version.contains(['$', '[', '('])).map(str::to_owned);
        let span = Span::new(source, node.range().start, node.range().end);
        manifest.declared.push(Dependency::new(format!("{group}:{artifact}"), version, span));
    }
    Some(manifest)
}

fn child<'d>(node: Node<'d, 'd>, name: &str) -> Option<Node<'d, 'd>> {
    node.children().find(|child| child.has_tag_name(name))
}

fn text<'d>(node: Node<'d, 'd>, name: &str) -> Option<&'d str> {
    child(node, name)?.text().map(str::trim)
}
