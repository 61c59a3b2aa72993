//! The router in Python, and imports of code that becomes a package.

use super::code::Imported;
use super::routes::{By, Routes};
use crate::frontend::{WrittenImport, python_imports};

/// A module that calls the handlers as they are.
pub fn router(handlers: &[Imported], routes: &Routes, export: &str) -> String {
    let import = |handler: &Imported| {
        let path = handler.path.rsplit_once('.').map_or(handler.path.as_str(), |(stem, _)| stem);
        let module = path.replace('/', ".");
        format!("from {module} import {} as {}\n", handler.export, handler.alias)
    };
    let mut imports: Vec<String> = handlers.iter().map(import).collect();
    imports.sort();
    imports.dedup();
    let route = |(key, index): &(String, usize)| format!("    {}: {},\n", text(key), handlers[*index].alias);
    let table: String = routes.entries.iter().map(route).collect();
    let found = match routes.by {
        By::RouteKey => "    return ROUTES[event[\"routeKey\"]](event, context)\n".to_owned(),
        By::Resource { any: false } => {
            "    return ROUTES[f\"{event['httpMethod']} {event['resource']}\"](event, context)\n".to_owned()
        }
        By::Resource { any: true } => "    resource = event[\"resource\"]\n    \
             route = f\"{event['httpMethod']} {resource}\"\n    \
             handle = ROUTES[route] if route in ROUTES else ROUTES[f\"ANY {resource}\"]\n    \
             return handle(event, context)\n"
            .to_owned(),
    };
    format!(
        "\"\"\"Hands each request to the handler of its route.\"\"\"\n\n{}\nROUTES = {{\n{table}}}\n\n\n\
         def {export}(event, context):\n{found}",
        imports.concat()
    )
}

/// A text of one line in double quotes.
fn text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The text of a module whose imports of local modules are relative. It lies `depth` folders below the
/// package that has them.
///
/// # Errors
/// An import that has no relative form here: its place, and why.
pub fn relative(
    text: &str,
    depth: usize,
    is_local: &dyn Fn(&str) -> bool,
) -> Result<String, (std::ops::Range<usize>, String)> {
    let dots = ".".repeat(depth + 1);
    let mut edits: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    let local = |module: &str| is_local(module.split('.').next().unwrap_or_default());
    for import in python_imports(text) {
        match import {
            WrittenImport::From { module, at } if local(&module) => {
                edits.push((at.start..at.start, dots.clone()))
            }
            WrittenImport::From { .. } => {}
            WrittenImport::Whole { names, at } => {
                if !names.iter().any(|(module, _)| local(module)) {
                    continue;
                }
                let [(module, alias)] = names.as_slice() else {
                    return Err((at, "it imports several modules in one statement".to_owned()));
                };
                let new = match (module.rsplit_once('.'), alias) {
                    (None, None) => format!("from {dots} import {module}"),
                    (None, Some(alias)) => format!("from {dots} import {module} as {alias}"),
                    (Some((package, name)), Some(alias)) => {
                        format!("from {dots}{package} import {name} as {alias}")
                    }
                    (Some(_), None) => return Err((at, format!("it imports `{module}` by its whole name"))),
                };
                edits.push((at, new));
            }
        }
    }
    let mut text = text.to_owned();
    edits.sort_by_key(|(at, _)| at.start);
    for (at, new) in edits.into_iter().rev() {
        text.replace_range(at, &new);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::relative;

    fn made(text: &str, depth: usize) -> Result<String, String> {
        let local = |name: &str| ["models", "lib"].contains(&name);
        relative(text, depth, &local).map_err(|(_, why)| why)
    }

    #[test]
    fn local_imports_become_relative_and_all_else_stays() {
        let text = "\"\"\"from models import x\"\"\"\nimport json, os\nimport models\nimport models as m\nimport lib.db as db\n\
             from models import (\n    A,  # a comment\n)\nfrom .models import B\nfrom boto3 import client\n\
             def f():\n    from lib.db import get\n";
        let after = "\"\"\"from models import x\"\"\"\nimport json, os\nfrom . import models\nfrom . import models as m\n\
             from .lib import db as db\nfrom .models import (\n    A,  # a comment\n)\nfrom .models import B\n\
             from boto3 import client\ndef f():\n    from .lib.db import get\n";
        assert_eq!(made(text, 0).as_deref(), Ok(after));
        assert_eq!(made("from lib.a import b\n", 1).as_deref(), Ok("from ..lib.a import b\n"));
    }

    #[test]
    fn what_has_no_relative_form_is_refused() {
        assert!(made("import lib.db\n", 0).is_err());
        assert!(made("import json, models\n", 0).is_err());
    }
}
