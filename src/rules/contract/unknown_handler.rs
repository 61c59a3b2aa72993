//! Handlers that are not there.

use std::collections::BTreeMap;

use crate::graph::{Code, FunctionRef, SourceState, Unread};
use crate::rule::prelude::*;
use crate::rules::code::{is_whole, name_functions};
use crate::source::{Span, join, parent};

rule! {
    /// ## What it does
    /// Finds functions in Python or JavaScript whose `Handler` leads to no file, or to a file that has no
    /// such function. Build outputs, entry points of esbuild, Makefiles and layouts of frameworks are
    /// looked at first; code that is built or stored elsewhere is not judged.
    ///
    /// ## Why it matters
    /// The deployment succeeds, and every invocation fails.
    ///
    /// ## Example
    /// ```yaml
    /// CodeUri: src/
    /// Handler: app.handler
    /// ```
    /// where `src/app.py` defines `lambda_handler`.
    ///
    /// ## Use instead
    /// The path of the module below `CodeUri`, a dot, and the name it exports.
    ///
    /// ## When to keep it
    /// When a build step makes the file.
    pub UNKNOWN_HANDLER = {
        id: "unknown-handler",
        category: Contract,
        severity: Error,
        summary: "handler leads to no file or function",
        check,
    }
}

fn check(app: &App<'_>, found: &mut Found) {
    // A handler in Globals is one place for many functions.
    let mut places: BTreeMap<Span, (Vec<FunctionRef<'_>>, String)> = BTreeMap::new();
    for function in app.functions() {
        if let Some((span, why)) = lost(app, function, found) {
            places.entry(span).or_insert_with(|| (Vec::new(), why)).0.push(function);
        }
    }
    for (span, (functions, why)) in &places {
        let Some(first) = functions.first() else { continue };
        let handler =
            first.get().handler.as_ref().and_then(|handler| handler.as_str()).unwrap_or("the handler");
        let finding = Finding::at(*span, format!("`{handler}` of `{first}` {why}"))
            .because(first.span(), "the function")
            .help("name the module below the code folder, a dot, and the function it exports");
        found.push(name_functions(finding, functions));
    }
}

/// Why a handler is not there.
fn lost(app: &App<'_>, function: FunctionRef<'_>, found: &mut Found) -> Option<(Span, String)> {
    let handler = function.get().handler.as_ref()?;
    let text = handler.as_str()?;
    let runtime = function.runtime.as_ref()?.text();
    let endings: &[&str] = match &runtime {
        python if python.starts_with("python") => &["py"],
        node if node.starts_with("nodejs") => &["js", "mjs", "cjs", "ts", "mts", "cts", "tsx"],
        _ => return None,
    };
    if !is_whole(function) || !text.contains('.') || text.ends_with(".sh") {
        return None;
    }
    match &function.behaviour.state {
        SourceState::Missing(_) => {
            let folder = folder(function)?;
            if is_built(function) || !holds(app, &folder, endings) {
                found.abstain(handler.span, "the code may be built elsewhere");
                return None;
            }
            Some((handler.span, format!("is not in `{}`", if folder.is_empty() { "." } else { &folder })))
        }
        SourceState::Found | SourceState::Inline => {
            let file = function.behaviour.file.clone()?;
            if function.behaviour.unread == Some(Unread::NotExported { spelled: false }) {
                let name = text.rsplit('.').next().unwrap_or(text);
                return Some((handler.span, format!("is not there: `{file}` has no `{name}`")));
            }
            None
        }
        SourceState::NotRead | SourceState::NotAvailable(_) => None,
    }
}

/// The folder of the code, where it is one.
fn folder(function: FunctionRef<'_>) -> Option<String> {
    let template = parent(&function.template().path);
    match &function.code {
        Code::Package(None) => Some(template.to_owned()),
        Code::Package(Some(uri)) => Some(join(template, uri.as_str()?)),
        Code::Inline(_) | Code::Image(_) => None,
    }
}

/// The build says what is made of which files.
fn is_built(function: FunctionRef<'_>) -> bool {
    let metadata = function.resource().and_then(|resource| resource.metadata.as_ref());
    metadata.is_some_and(|metadata| metadata.get("BuildMethod").is_some())
}

/// Whether a folder has code of the language itself, not only far below.
fn holds(app: &App<'_>, folder: &str, endings: &[&str]) -> bool {
    app.sources.under(folder).any(|source| {
        let path = app.sources.path(source);
        !path.contains("/node_modules/")
            && path.rsplit('.').next().is_some_and(|ending| endings.contains(&ending))
    })
}
