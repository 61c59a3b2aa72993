//! Which language a function is in.

use super::conventions::CodeLanguage;
use super::makefile;
use super::paths::upwards;
use super::places::places;
use super::project::Project;
use super::{Code, HandlerSpec};
use crate::source::join;

/// By runtime, build method, shape of the handler, and what lies in the code's folder.
pub(super) fn language(spec: &HandlerSpec, project: &Project<'_>) -> Option<CodeLanguage> {
    let build = spec.build.as_ref();
    spec.runtime
        .as_deref()
        .and_then(CodeLanguage::of_runtime)
        .or_else(|| build?.method.as_deref().and_then(CodeLanguage::of_build_method))
        .or_else(|| by_handler(spec))
        .or_else(|| makefile::language(spec, project))
        .or_else(|| by_folder(spec, project))
}

/// `a.b.Class::method` is Java's, `Assembly::Namespace.Class::Method` .NET's.
fn by_handler(spec: &HandlerSpec) -> Option<CodeLanguage> {
    if spec.runtime.is_some() {
        return None;
    }
    match spec.handler.as_deref()?.matches("::").count() {
        1 => Some(CodeLanguage::Java),
        2 => Some(CodeLanguage::DotNet),
        _ => None,
    }
}

/// By the file a project of each language has, in the code's folder or above it.
fn by_folder(spec: &HandlerSpec, project: &Project<'_>) -> Option<CodeLanguage> {
    let custom = spec.runtime.as_deref().is_some_and(|runtime| runtime.starts_with("provided"));
    if !custom || matches!(spec.code, Code::Image { .. }) {
        return None;
    }
    let places = places(spec, project);
    let marks =
        [("Cargo.toml", CodeLanguage::Rust), ("go.mod", CodeLanguage::Go), ("main.go", CodeLanguage::Go)];
    places.iter().flat_map(|place| upwards(&place.folder)).find_map(|folder| {
        let marked = marks.iter().find(|(name, _)| project.file(&join(folder, name)).is_some());
        marked.map(|(_, language)| *language).or_else(|| {
            let is_project =
                |id| project.sources.folder(id) == folder && project.sources.path(id).ends_with(".csproj");
            project.sources.under(folder).take(200).any(is_project).then_some(CodeLanguage::DotNet)
        })
    })
}
