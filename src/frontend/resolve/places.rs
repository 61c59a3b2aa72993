//! Folders in which a function's code may lie, and the sources behind built files.

use super::conventions::{CONVENTIONS, CodeLanguage};
use super::paths::{file_name, is_foreign, upwards, within, without_extension};
use super::project::Project;
use super::{Code, HandlerSpec, How, image};
use crate::source::{join, parent};

/// A folder that may be the root of the deployed code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub folder: String,
    pub how: How,
}

/// The folders to look in, most literal first.
pub(super) fn places(spec: &HandlerSpec, project: &Project<'_>) -> Vec<Place> {
    let mut places = match &spec.code {
        Code::Folder(path) => folder_places(spec, path, project),
        Code::Archive(path) => archive_places(spec, path, project),
        Code::Image { context, .. } => {
            let mut places = folder_places(spec, context.as_deref().unwrap_or("."), project);
            let copied = image::read(spec, project).map(|image| image.copied).unwrap_or_default();
            places.extend(copied.into_iter().map(|folder| Place { folder, how: How::Image }));
            places
        }
        Code::Unset | Code::Inline { .. } | Code::Remote(_) => {
            vec![Place { folder: spec.template_folder.clone(), how: How::AsWritten }]
        }
    };
    // A fragment without code of its own takes that of the template it is merged into.
    if spec.code == Code::Unset && is_telling(spec) {
        let above = upwards(&spec.template_folder).skip(1);
        places.extend(above.map(|folder| Place { folder: folder.to_owned(), how: How::FolderAbove }));
    }
    let mut seen = Vec::new();
    places.retain(|place| {
        let new = !seen.contains(&place.folder);
        seen.push(place.folder.clone());
        new
    });
    places
}

/// Whether the function names a file well enough to look for it in other folders.
fn is_telling(spec: &HandlerSpec) -> bool {
    spec.build.as_ref().is_some_and(|build| !build.entry_points.is_empty())
        || spec.handler.as_deref().is_some_and(|handler| handler.contains('/'))
}

fn folder_places(spec: &HandlerSpec, path: &str, project: &Project<'_>) -> Vec<Place> {
    let written = join(&spec.template_folder, path);
    let folder = if project.file(&written).is_some() { parent(&written).to_owned() } else { written };
    let mut places = vec![Place { folder, how: How::AsWritten }];
    // Fragments are merged, and builds started, in a folder above.
    let below = path.trim_start_matches("./").trim_start_matches("../");
    if !below.is_empty() && below != "." {
        places.extend(
            upwards(&spec.template_folder)
                .map(|above| join(above, below))
                .filter(|folder| project.has_folder(folder))
                .map(|folder| Place { folder, how: How::FolderAbove }),
        );
    }
    places
}

/// Folders named like an archive, those nearest to the template first.
fn archive_places(spec: &HandlerSpec, path: &str, project: &Project<'_>) -> Vec<Place> {
    let written = join(&spec.template_folder, path);
    let stem = plain_name(without_extension(file_name(&written)));
    let mut named: Vec<&str> = project
        .folders()
        .iter()
        .copied()
        .filter(|folder| is_named(folder, &stem) && !is_foreign(folder))
        .collect();
    named.sort_by_key(|folder| {
        let shared =
            upwards(&spec.template_folder).position(|above| within(folder, above)).unwrap_or(usize::MAX);
        (shared, folder.matches('/').count(), *folder)
    });
    let mut places: Vec<Place> =
        named.into_iter().map(|folder| Place { folder: folder.to_owned(), how: How::Archive }).collect();
    places.push(Place { folder: parent(&written).to_owned(), how: How::Archive });
    places
}

/// Whether a folder has this plain name, alone or with the folders above it: `me/articles/show` is
/// packed to `me_articles_show.zip`.
fn is_named(folder: &str, stem: &str) -> bool {
    let mut rest = stem.to_owned();
    for part in folder.rsplit('/') {
        let part = plain_name(part);
        match rest.strip_suffix(part.as_str()) {
            Some("") => return true,
            Some(before) if !part.is_empty() => rest = before.to_owned(),
            _ => return false,
        }
    }
    false
}

/// A name without version, build marks and separators: `get-Order-1.0-SNAPSHOT` is `getorder`.
fn plain_name(name: &str) -> String {
    let version = name.char_indices().find(|(at, letter)| {
        letter.is_ascii_digit() && name[..*at].ends_with(['-', '_']) && name[*at..].contains('.')
    });
    let name = version.map_or(name, |(at, _)| &name[..at]);
    let name = name.to_lowercase();
    let name = ["-all", "-snapshot", "-aws", "-deployment-package", "-uber", "-lambda", "-function"]
        .into_iter()
        .fold(name.trim_end_matches(['-', '_']), |name, mark| name.strip_suffix(mark).unwrap_or(name))
        .to_owned();
    name.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// Paths that a built path may have been made from: build folders taken out, or put back to a
/// source folder; the last such folder first.
pub(super) fn behind_build(path: &str) -> Vec<String> {
    let parts: Vec<&str> = path.split('/').collect();
    let mut found = Vec::new();
    for at in (0..parts.len()).rev() {
        if !CONVENTIONS.build_folders.iter().any(|folder| folder == parts[at]) && parts[at] != ".aws-sam" {
            continue;
        }
        let before = &parts[..at];
        // `.aws-sam/build/<LogicalId>/...`
        let skip = if parts[at] == ".aws-sam" { 3 } else { 1 };
        let after = parts.get(at + skip..).unwrap_or(&[]);
        for source in CONVENTIONS.source_folders.iter().map(String::as_str).chain([""]) {
            let middle: &[&str] = if source.is_empty() { &[] } else { &[source] };
            found.push([before, middle, after].concat().join("/"));
        }
    }
    // What a build lays where a layer unpacks has its source without that: `dist/shared/nodejs/node_modules/shared`.
    let unpacked: Vec<String> = found.iter().filter_map(|candidate| before_unpacking(candidate)).collect();
    found.extend(unpacked);
    found.retain(|candidate| candidate != path);
    found
}

/// The path of a module in the sources of a layer that is built to the tree it unpacks to.
fn before_unpacking(path: &str) -> Option<String> {
    let roots = CONVENTIONS.layer_roots.get(&CodeLanguage::JavaScript)?;
    let (layer, inside) = roots.iter().rev().find_map(|root| path.split_once(&format!("/{root}/")))?;
    // The folder of the layer and the package are one: it has the package's name.
    let named = inside.split('/').next()? == file_name(layer);
    named.then(|| join(parent(layer), inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_archives() {
        assert_eq!(plain_name("get-Order-1.0-SNAPSHOT"), "getorder");
        assert_eq!(plain_name("tools_lambda"), "toolslambda");
        assert_eq!(plain_name("lambda-2"), "lambda2");
    }

    #[test]
    fn build_folders_go_back_to_sources() {
        let behind = behind_build("api/dist/handlers/a");
        assert_eq!(behind[0], "api/src/handlers/a");
        assert!(behind.contains(&"api/handlers/a".to_owned()));
        assert_eq!(behind_build(".aws-sam/build/Get/app").last().map(String::as_str), Some("app"));
        assert!(behind_build("api/handlers/a").is_empty());
        let layer = behind_build("dist/shared/nodejs/node_modules/shared/log/write");
        assert!(layer.contains(&"src/shared/log/write".to_owned()), "{layer:?}");
    }
}
