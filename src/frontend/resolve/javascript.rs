//! Where JavaScript and TypeScript imports lead.

use super::conventions::{CONVENTIONS, CodeLanguage};
use super::modules::Lowered;
use super::packages::{entries, first_file};
use super::paths::{file_name, upwards, without_extension};
use super::places::behind_build;
use super::project::Project;
use super::reach::Reach;
use crate::ir::Target;
use crate::source::{SourceId, join, normalize};

/// The links of one module: one per text.
pub(super) fn links(reach: &Reach<'_, '_>, source: SourceId, lowered: &Lowered) -> Vec<(String, Target)> {
    lowered.imports.keys().map(|text| (text.clone(), target(reach, source, text))).collect()
}

fn target(reach: &Reach<'_, '_>, source: SourceId, text: &str) -> Target {
    let project = reach.project;
    let folder = project.sources.folder(source);
    let is_relative = text == "." || text == ".." || text.starts_with("./") || text.starts_with("../");
    if is_relative {
        return match reach.root {
            Some(_) => relative(project, &join(folder, text), text),
            // CloudFormation puts its own `cfn-response` beside inline code.
            None => Target::Package(text.trim_start_matches("./").to_owned()),
        };
    }
    if let (Some(root), Some(path)) = (reach.root, text.strip_prefix("/var/task/")) {
        return relative(project, &join(root, path), text);
    }
    let is_builtin = text.starts_with("node:") || reach.root.is_none();
    let local = if is_builtin { None } else { by_name(project, folder, text) };
    let layered = || in_layers(reach, text).or_else(|| elsewhere(project, text));
    let file = local.or_else(layered).filter(|file| is_code(project, *file));
    file.map_or_else(|| Target::Package(text.to_owned()), Target::Local)
}

/// An import by a path.
fn relative(project: &Project<'_>, path: &str, text: &str) -> Target {
    match built_or_source(project, path) {
        Some(file) if is_code(project, file) || project.module(file).is_some() => Target::Local(file),
        // A stylesheet, a query, too large a JSON file.
        Some(_) => Target::Package(text.to_owned()),
        // Types alone.
        None if project.file(&format!("{path}.d.ts")).is_some() => Target::Package(text.to_owned()),
        None => Target::Missing,
    }
}

/// An import that is no path, where the project itself has what it names.
fn by_name(project: &Project<'_>, folder: &str, text: &str) -> Option<SourceId> {
    let packages = project.packages();
    let configs = upwards(folder).filter_map(|above| project.tsconfig(above));
    configs
        .into_iter()
        .flat_map(|config| config.candidates(text))
        .find_map(|path| built_or_source(project, &path))
        .or_else(|| {
            let path = text.starts_with('#').then(|| packages.internal(folder, text)).flatten()?;
            built_or_source(project, &path)
        })
        .or_else(|| {
            let (package, inside) = packages.find(folder, text)?;
            first_file(&package.candidates(inside), |path| built_or_source(project, path))
        })
        .or_else(|| built_or_source(project, &packages.by_path(folder, text)?))
}

/// `/opt/nodejs/db` lies in a layer, and so may `db` below its `node_modules`.
fn in_layers(reach: &Reach<'_, '_>, text: &str) -> Option<SourceId> {
    let roots = CONVENTIONS.layer_roots.get(&CodeLanguage::JavaScript)?;
    reach.spec.layers.iter().find_map(|layer| match text.strip_prefix("/opt/") {
        Some(path) => {
            let first = roots.first().and_then(|root| path.strip_prefix(root.as_str())?.strip_prefix('/'));
            // A layer with a build method is packed from its folder itself.
            let paths: Vec<String> =
                [Some(path), first].into_iter().flatten().map(|path| join(&layer.folder, path)).collect();
            first_file(&paths, |path| built_or_source(reach.project, path))
        }
        None => {
            let path = normalize(text);
            let name = file_name(&path);
            if ![name, without_extension(name)].iter().any(|name| reach.project.has_name(name)) {
                return None;
            }
            let paths: Vec<String> =
                roots.iter().map(|root| join(&join(&layer.folder, root), text)).collect();
            first_file(&paths, |path| {
                module_at(reach.project, path).filter(|file| !is_installed(reach.project, *file))
            })
        }
    })
}

/// `/opt/nodejs/db` in a layer that another template makes: the only such file of the project.
fn elsewhere(project: &Project<'_>, text: &str) -> Option<SourceId> {
    let path = without_extension(text.strip_prefix("/opt/")?);
    let mut fitting = CodeLanguage::JavaScript.extensions().iter().flat_map(|extension| {
        [format!("{path}.{extension}"), format!("{path}/index.{extension}")]
            .iter()
            .flat_map(|suffix| project.with_suffix(suffix).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    });
    let only = fitting.next()?;
    fitting.next().is_none().then_some(only)
}

/// Whether a file belongs to a package that an installer put there.
fn is_installed(project: &Project<'_>, file: SourceId) -> bool {
    let path = project.sources.path(file);
    path.contains("node_modules/")
        && upwards(project.sources.folder(file))
            .take_while(|folder| folder.contains("node_modules/"))
            .filter_map(|folder| project.file(&join(folder, "package.json")))
            .any(|manifest| {
                let text = project.sources.text(manifest);
                text.contains("\"repository\"")
                    || text.contains("\"_resolved\"")
                    || text.contains("\"license\"")
            })
}

fn is_code(project: &Project<'_>, file: SourceId) -> bool {
    CodeLanguage::of_path(project.sources.path(file)) == Some(CodeLanguage::JavaScript)
}

/// The module at a path, or at the path it was built from.
fn built_or_source(project: &Project<'_>, path: &str) -> Option<SourceId> {
    module_at(project, path).or_else(|| first_file(&behind_build(path), |path| module_at(project, path)))
}

/// The file an import of this path loads.
fn module_at(project: &Project<'_>, path: &str) -> Option<SourceId> {
    let extensions = CodeLanguage::JavaScript.extensions();
    let with = |stem: &str, extensions: &[&str]| {
        extensions.iter().find_map(|extension| project.file(&format!("{stem}.{extension}")))
    };
    // `./db.js` is written for the file that `db.ts` becomes.
    let stem = without_extension(path);
    let source = match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => with(stem, &["ts", "tsx"]),
        Some("mjs") => with(stem, &["mts", "ts"]),
        Some("cjs") => with(stem, &["cts", "ts"]),
        _ => None,
    };
    source
        .or_else(|| project.file(path))
        .or_else(|| extensions.iter().find_map(|extension| project.file(&format!("{path}.{extension}"))))
        .or_else(|| package_at(project, path))
}

/// The module a folder stands for.
fn package_at(project: &Project<'_>, folder: &str) -> Option<SourceId> {
    let own = || {
        let extensions = CodeLanguage::JavaScript.extensions();
        extensions.iter().find_map(|extension| project.file(&join(folder, &format!("index.{extension}"))))
    };
    let Some(manifest) = project.packages().manifest(folder) else { return own() };
    let plain = |path: &str| {
        let extensions = CodeLanguage::JavaScript.extensions();
        project
            .file(path)
            .filter(|file| is_code(project, *file) && !project.sources.path(*file).ends_with(".d.ts"))
            .or_else(|| extensions.iter().find_map(|extension| project.file(&format!("{path}.{extension}"))))
    };
    let entries = entries(folder, manifest);
    let behind: Vec<String> = entries.iter().flat_map(|path| behind_build(without_extension(path))).collect();
    own().or_else(|| first_file(&entries, plain)).or_else(|| first_file(&behind, plain))
}
