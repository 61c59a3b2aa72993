//! Where the code of the members lies, and where that of the new function will.

use super::folders;
use super::names::{self, Style};
use super::routes::Routes;
use super::{Merge, node, python};
use crate::graph::Code as Written;
use crate::graph::merging::Candidate;
use crate::graph::services::words;
use crate::refactor::Refusal;
use crate::refactor::draft::Draft;
use crate::source::{SourceId, join, parent};
use crate::template::Value;

/// What the template says of the new code.
#[derive(Debug)]
pub struct Code {
    pub handler: String,
    /// The folder it is packed from, where that is another than before.
    pub uri: Option<String>,
    /// What esbuild begins with, where it builds the code.
    pub entry_point: Option<String>,
    /// Path of the router.
    pub router: String,
    /// Folders that are no more.
    pub gone: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Python,
    Node,
}

/// The code of one member.
#[derive(Clone, Debug)]
pub struct Part {
    /// The folder it is packed from.
    pub folder: String,
    /// The same as the template writes it.
    pub uri: String,
    pub file: SourceId,
    /// Path of the file below the folder.
    pub below: String,
    /// What the handler is called in the file.
    pub export: String,
    /// What the router calls it.
    pub alias: String,
    /// How it is written: `src/app` of `src/app.handler`.
    pub module: String,
    pub bundled: bool,
}

/// A handler as the router imports it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Path of its file from the folder of the router.
    pub path: String,
    pub export: String,
    pub alias: String,
}

/// Writes the router, and moves code that lies in folders of its own.
///
/// # Errors
/// Code that cannot be served by one function as it is.
pub fn write(draft: &mut Draft<'_>, merge: &Merge<'_>, routes: &Routes) -> Result<Code, Vec<Refusal>> {
    let language = language(merge)?;
    let parts: Vec<Part> =
        merge.members.iter().map(|member| part(merge, member, language)).collect::<Result<_, _>>()?;
    let shared = parts.iter().all(|part| part.folder == parts[0].folder);
    let (root, parts, gone) = if shared {
        (parts[0].folder.clone(), parts, Vec::new())
    } else {
        let moved = folders::moved(draft, merge, &parts, language)?;
        (moved.root, moved.parts, parts.iter().map(|part| part.folder.clone()).collect())
    };
    // The router lies beside the handlers, as deep as all of them share.
    let folder = if shared { common(parts.iter().map(|part| parent(&part.below))) } else { String::new() };
    let extension = parts[0].below.rsplit_once('.').map_or("", |(_, extension)| extension).to_owned();
    let stem = stem(merge, &parts, language, &join(&root, &folder), shared)?;
    let export = match parts.iter().all(|part| part.export == parts[0].export) {
        true => parts[0].export.clone(),
        false => "handler".to_owned(),
    };
    let imported = |part: &Part| Imported {
        path: part.below.strip_prefix(&format!("{folder}/")).unwrap_or(&part.below).to_owned(),
        export: part.export.clone(),
        alias: if part.alias == export { format!("{}_of_route", part.alias) } else { part.alias.clone() },
    };
    let below = join(&folder, &format!("{stem}.{extension}"));
    let text = match language {
        Language::Python => {
            // Python knows modules by their path from the root.
            let of_root = |part: &Part| Imported { path: part.below.clone(), ..imported(part) };
            python::router(&parts.iter().map(of_root).collect::<Vec<_>>(), routes, &export)
        }
        Language::Node => {
            let form = node::form(merge, &parts)?;
            node::router(&parts.iter().map(imported).collect::<Vec<_>>(), routes, &export, &form)
        }
    };
    let router = join(&root, &below);
    draft.create(&router, text);
    let module = handler_module(merge, &parts, &below, language)?;
    let uri = (!shared).then(|| folders::uri(&parts[0].uri, merge, &root));
    let entry_point = parts[0].bundled.then_some(below);
    Ok(Code { handler: format!("{module}.{export}"), uri, entry_point, router, gone })
}

/// Nothing else speaks of folders that are no more.
///
/// # Errors
/// The places that do.
pub fn is_forgotten(draft: &Draft<'_>, merge: &Merge<'_>, code: &Code) -> Result<(), Vec<Refusal>> {
    if code.gone.is_empty() { Ok(()) } else { folders::is_forgotten(draft, merge, &code.gone) }
}

fn language(merge: &Merge<'_>) -> Result<Language, Vec<Refusal>> {
    let runtime = merge.first.function.runtime.as_ref().and_then(Value::as_str).unwrap_or_default();
    match runtime {
        _ if runtime.starts_with("python") => Ok(Language::Python),
        _ if runtime.starts_with("nodejs") => Ok(Language::Node),
        _ => Merge::refuse(
            merge.first,
            format!(
                "a router is written for Python and Node, not for `{runtime}`: write one with a web framework \
                 and the Lambda Web Adapter"
            ),
        ),
    }
}

fn part(merge: &Merge<'_>, member: &Candidate<'_>, language: Language) -> Result<Part, Vec<Refusal>> {
    let function = member.function;
    let refuse = |text: &str| Merge::refuse(member, text);
    let uri = match &function.get().code {
        Written::Package(None) => ".",
        Written::Package(Some(value)) => match value.as_str().filter(|uri| !uri.ends_with(".zip")) {
            Some(uri) if !uri.contains("://") => uri,
            _ => return refuse("where its code is packed from is not known"),
        },
        _ => return refuse("its code is in no folder"),
    };
    let bundled = bundled(member)?;
    let folder = join(parent(&merge.template.path), uri);
    let handler = function.get().handler.as_ref().and_then(Value::as_str).unwrap_or_default();
    let Some((module, export)) = handler.rsplit_once('.') else { return refuse("its handler is not known") };
    let file = function.behaviour.file.as_deref().and_then(|path| merge.app.sources.find(path));
    let Some(file) = file else { return refuse("its code was not found") };
    let path = merge.app.sources.path(file);
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let Some(below) = path.strip_prefix(&prefix) else {
        return refuse("its code is built from another folder than it is packed from");
    };
    let is_name = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let stem = below.rsplit_once('.').map_or(below, |(stem, _)| stem);
    let as_written = match language {
        Language::Python => module.replace('.', "/"),
        Language::Node => module.trim_start_matches("./").to_owned(),
    };
    let is_module = as_written == stem || (bundled && stem.rsplit('/').next() == Some(as_written.as_str()));
    if !is_module || !is_name(export) || export == "default" {
        return refuse("how its handler is found is not known");
    }
    if language == Language::Python && !stem.split('/').all(is_name) {
        return refuse("the path of its handler has parts that Python cannot import by name");
    }
    let alias = match language {
        Language::Python => Style::Snake,
        Language::Node => Style::Camel,
    };
    Ok(Part {
        folder,
        uri: uri.to_owned(),
        file,
        below: below.to_owned(),
        export: export.to_owned(),
        alias: alias.join(&words(&function.id.text)),
        module: as_written,
        bundled,
    })
}

/// Whether esbuild builds it, from this one file.
fn bundled(member: &Candidate<'_>) -> Result<bool, Vec<Refusal>> {
    let metadata = member.function.resource().and_then(|resource| resource.metadata.as_ref());
    let Some(method) = metadata.and_then(|metadata| metadata.get("BuildMethod")) else { return Ok(false) };
    let method = method.as_str().unwrap_or_default();
    let entries = metadata.and_then(|metadata| metadata.at(&["BuildProperties", "EntryPoints"])?.as_list());
    match (method, entries) {
        ("esbuild", Some([_])) => Ok(true),
        ("esbuild", _) => Merge::refuse(member, "what esbuild begins with is not one file"),
        _ if method.starts_with("python") || method.starts_with("nodejs") => Ok(false),
        _ => Merge::refuse(member, format!("how `{method}` builds its code is not known")),
    }
}

/// The name of the router without its ending, free in its folder.
fn stem(
    merge: &Merge<'_>,
    parts: &[Part],
    language: Language,
    folder: &str,
    shared: bool,
) -> Result<String, Vec<Refusal>> {
    let stems: Vec<&str> =
        parts.iter().map(|part| part.below.rsplit_once('.').map_or("", |(stem, _)| stem)).collect();
    let names: Vec<&str> = stems.iter().map(|stem| stem.rsplit('/').next().unwrap_or_default()).collect();
    if !shared && names.iter().all(|name| *name == names[0]) {
        return Ok(names[0].to_owned());
    }
    let style = match language {
        Language::Python => Style::Snake,
        Language::Node => Style::of(names.iter().copied(), Style::Kebab),
    };
    let mut name = names::stem(&merge.id);
    name.push("router".to_owned());
    let name = style.join(&name);
    let taken = |id: SourceId| {
        let rest = merge.app.sources.path(id).strip_prefix(&format!("{folder}/"));
        let rest = if folder.is_empty() { Some(merge.app.sources.path(id)) } else { rest };
        rest.and_then(|rest| rest.split(['/', '.']).next()) == Some(name.as_str())
    };
    if merge.app.sources.under(folder).any(taken) {
        return Merge::refuse(merge.first, format!("there is something called `{name}` beside its code"));
    }
    Ok(name)
}

/// The path of the router as a handler is written here.
fn handler_module(
    merge: &Merge<'_>,
    parts: &[Part],
    below: &str,
    language: Language,
) -> Result<String, Vec<Refusal>> {
    let stem = |path: &str| path.rsplit_once('.').map_or(path, |(stem, _)| stem).to_owned();
    let name = |path: &str| stem(path).rsplit('/').next().unwrap_or_default().to_owned();
    let whole = parts.iter().all(|part| part.module == stem(&part.below));
    let short = parts.iter().all(|part| part.module == name(&part.below));
    let path = match () {
        () if parts[0].bundled && short => name(below),
        () if whole || !parts[0].bundled => stem(below),
        () => {
            return Merge::refuse(
                merge.first,
                "its handler is named in another way than those of the others",
            );
        }
    };
    let handler = merge.first.function.handler.as_ref().and_then(Value::as_str).unwrap_or_default();
    let dotted = language == Language::Python && !handler.contains('/');
    Ok(if dotted { path.replace('/', ".") } else { path })
}

/// The folder that holds all of some folders.
pub fn common<'p>(paths: impl IntoIterator<Item = &'p str>) -> String {
    let mut paths = paths.into_iter();
    let first: Vec<&str> =
        paths.next().unwrap_or_default().split('/').filter(|part| !part.is_empty()).collect();
    let shared = paths.fold(first.len(), |shared, path| {
        let same = first.iter().zip(path.split('/')).take_while(|(one, other)| **one == *other).count();
        shared.min(same)
    });
    first[..shared].join("/")
}

#[cfg(test)]
mod tests {
    use super::common;

    #[test]
    fn what_folders_share_ends_between_parts() {
        assert_eq!(common(["a/b/c", "a/b/d", "a/b"]), "a/b");
        assert_eq!(common(["src/add", "src/addition"]), "src");
        assert_eq!(common(["", "a"]), "");
    }
}
