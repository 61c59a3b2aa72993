//! Files of code that only one function uses.

use crate::graph::{App, Code, FunctionRef};
use crate::source::{SourceId, join, parent};
use crate::template::Value;

/// The modules of a function that lie in a folder of its own, and how many lines they have.
pub(super) fn only_of(app: &App<'_>, function: FunctionRef<'_>) -> (Vec<SourceId>, usize) {
    if let Code::Inline(text) = &function.code {
        return (Vec::new(), text.text().lines().count());
    }
    let Some(folder) = folder(app, function) else { return (Vec::new(), 0) };
    let overlaps = |other: &str| {
        let inside = |one: &str, other: &str| one == other || one.starts_with(&format!("{other}/"));
        inside(&folder, other) || inside(other, &folder)
    };
    let shared = app
        .functions()
        .filter(|other| other.span() != function.span())
        .any(|other| folder_of(app, other).is_none_or(|other| overlaps(&other)));
    let mut files: Vec<SourceId> = function.behaviour.modules.clone();
    files.retain(|file| {
        let inside = app.sources.path(*file).starts_with(&format!("{folder}/"));
        let used = app.functions().filter(|other| other.span() != function.span());
        inside && !used.into_iter().any(|other| other.behaviour.modules.contains(file))
    });
    if shared || folder.is_empty() {
        return (Vec::new(), 0);
    }
    files.sort();
    let lines = files.iter().map(|file| app.sources.text(*file).lines().count()).sum();
    (files, lines)
}

fn folder(app: &App<'_>, function: FunctionRef<'_>) -> Option<String> {
    folder_of(app, function).filter(|folder| !folder.is_empty())
}

/// Where the code of a function is packed from; `None` where that is not known.
fn folder_of(app: &App<'_>, function: FunctionRef<'_>) -> Option<String> {
    match &function.code {
        Code::Inline(_) => Some("\0inline".to_owned()),
        Code::Package(Some(path)) => {
            let path = Value::as_str(path)?;
            Some(join(parent(app.sources.path(function.template().source)), path))
        }
        Code::Package(None) | Code::Image(_) => None,
    }
}
