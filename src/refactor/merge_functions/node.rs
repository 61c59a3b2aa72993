//! The router for Node: CommonJS, ES modules, TypeScript.

use std::path::Path;

use super::Merge;
use super::code::{Imported, Part};
use super::routes::{By, Routes};
use crate::refactor::Refusal;
use crate::source::{join, parent};
use crate::template::Value;

/// How modules are written here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    CommonJs,
    EsModule,
    TypeScript,
}

#[derive(Clone, Debug)]
pub struct Form {
    pub kind: Kind,
    /// What paths of imports end with: `.js`, or nothing.
    pub ending: String,
    /// Newer runtimes refuse handlers that take a callback.
    pub callback: bool,
}

/// Runtimes up to this one take handlers with a callback.
/// Source: docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
const LAST_WITH_CALLBACK: u32 = 22;

/// # Errors
/// Members of several kinds, or of one that is not known.
pub fn form(merge: &Merge<'_>, parts: &[Part]) -> Result<Form, Vec<Refusal>> {
    let kinds: Vec<Option<Kind>> = parts.iter().map(|part| kind(merge, part)).collect();
    let Some(kind) =
        kinds.first().copied().flatten().filter(|one| kinds.iter().all(|kind| *kind == Some(*one)))
    else {
        return Merge::refuse(merge.first, "which kind of modules all of them are is not known");
    };
    let extension =
        |part: &Part| Path::new(&part.below).extension().map(|one| one.to_string_lossy().into_owned());
    if parts.iter().any(|part| extension(part) != extension(&parts[0])) {
        return Merge::refuse(merge.first, "their files end differently");
    }
    let written = extension(&parts[0]).unwrap_or_default();
    if kind == Kind::TypeScript && !parts[0].bundled {
        return Merge::refuse(merge.first, "how its TypeScript is built is not known");
    }
    let spells = |end: &str| {
        parts.iter().any(|part| {
            let text = merge.app.sources.text(part.file);
            let local = |line: &str| {
                line.contains("\"./")
                    || line.contains("'./")
                    || line.contains("\"../")
                    || line.contains("'../")
            };
            text.lines().any(|line| {
                local(line) && (line.contains(&format!("{end}\"")) || line.contains(&format!("{end}'")))
            })
        })
    };
    let ending = match kind {
        Kind::CommonJs if written == "js" => String::new(),
        Kind::TypeScript if spells(".js") => ".js".to_owned(),
        Kind::TypeScript => String::new(),
        _ => format!(".{written}"),
    };
    let runtime = merge.first.function.runtime.as_ref().and_then(Value::as_str).unwrap_or_default();
    let number: String = runtime.chars().filter(char::is_ascii_digit).collect();
    let callback = number.parse::<u32>().is_ok_and(|number| number <= LAST_WITH_CALLBACK);
    Ok(Form { kind, ending, callback })
}

fn kind(merge: &Merge<'_>, part: &Part) -> Option<Kind> {
    let text = merge.app.sources.text(part.file);
    let exports = text.lines().any(|line| line.starts_with("export ") || line.starts_with("export{"));
    match Path::new(&part.below).extension()?.to_str()? {
        "mjs" => Some(Kind::EsModule),
        "cjs" => Some(Kind::CommonJs),
        "ts" | "mts" => exports.then_some(Kind::TypeScript),
        "js" if part.bundled => Some(if exports { Kind::EsModule } else { Kind::CommonJs }),
        "js" => Some(if is_module(merge, part) { Kind::EsModule } else { Kind::CommonJs }),
        _ => None,
    }
}

/// Whether the nearest package says that its files are ES modules.
fn is_module(merge: &Merge<'_>, part: &Part) -> bool {
    let mut folder = parent(merge.app.sources.path(part.file));
    loop {
        if let Some(package) = merge.app.sources.find(&join(folder, "package.json")) {
            let package: Option<serde_json::Value> =
                serde_json::from_str(merge.app.sources.text(package)).ok();
            return package.is_some_and(|package| package["type"] == "module");
        }
        // What lies above the folder that is packed is not there at run time.
        if folder.is_empty() || folder == part.folder {
            return false;
        }
        folder = parent(folder);
    }
}

/// A module that calls the handlers as they are.
pub fn router(handlers: &[Imported], routes: &Routes, export: &str, form: &Form) -> String {
    let import = |handler: &Imported| {
        let stem = handler.path.rsplit_once('.').map_or(handler.path.as_str(), |(stem, _)| stem);
        let path = format!("./{stem}{}", form.ending);
        let Imported { export, alias, .. } = handler;
        match form.kind {
            Kind::CommonJs if export == alias => format!("const {{ {export} }} = require(\"{path}\");\n"),
            Kind::CommonJs => format!("const {{ {export}: {alias} }} = require(\"{path}\");\n"),
            _ if export == alias => format!("import {{ {export} }} from \"{path}\";\n"),
            _ => format!("import {{ {export} as {alias} }} from \"{path}\";\n"),
        }
    };
    let mut imports: Vec<String> = Vec::new();
    for line in handlers.iter().map(import) {
        if !imports.contains(&line) {
            imports.push(line);
        }
    }
    let route = |(key, index): &(String, usize)| {
        format!("  {}: {},\n", serde_json::Value::from(key.as_str()), handlers[*index].alias)
    };
    let table: String = routes.entries.iter().map(route).collect();
    let found = match routes.by {
        By::RouteKey => "routes[event.routeKey]",
        By::Resource { any: false } => "routes[`${event.httpMethod} ${event.resource}`]",
        By::Resource { any: true } => {
            "routes[`${event.httpMethod} ${event.resource}`] ?? routes[`ANY ${event.resource}`]"
        }
    };
    let arguments = if form.callback { "event, context, callback" } else { "event, context" };
    let (types, table_type, handler_type) = match form.kind {
        Kind::TypeScript => (
            "type Handle = (event: any, context: any, callback?: any) => any;\n\n",
            ": Record<string, Handle>",
            ": Handle",
        ),
        _ => ("", "", ""),
    };
    let head = match form.kind {
        Kind::CommonJs => format!("exports.{export} = "),
        _ => format!("export const {export}{handler_type} = "),
    };
    format!(
        "// Hands each request to the handler of its route.\n{}\n{types}const routes{table_type} = {{\n{table}}};\n\n\
         {head}({arguments}) => {{\n  const handle = {found};\n  return handle({arguments});\n}};\n",
        imports.concat()
    )
}
