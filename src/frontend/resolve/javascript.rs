//! Where JavaScript and TypeScript imports lead.

use super::bundle::Reach;
use super::modules::Lowered;
use crate::ir::Target;
use crate::source::{SourceId, join};

/// The links of one module: one per text.
pub(super) fn links(reach: &Reach<'_, '_>, source: SourceId, lowered: &Lowered) -> Vec<(String, Target)> {
    lowered.imports.keys().map(|text| (text.clone(), target(reach, source, text))).collect()
}

fn target(reach: &Reach<'_, '_>, source: SourceId, text: &str) -> Target {
    let is_relative = text == "." || text == ".." || text.starts_with("./") || text.starts_with("../");
    if is_relative {
        let path = join(reach.project.sources.folder(source), text);
        return file(reach, &path).map_or(Target::Missing, Target::Local);
    }
    Target::Package(text.to_owned())
}

fn file(reach: &Reach<'_, '_>, path: &str) -> Option<SourceId> {
    let extensions = super::CodeLanguage::JavaScript.extensions();
    extensions.iter().find_map(|extension| reach.project.file(&format!("{path}.{extension}")))
}
