//! Handlers from text to summary.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use super::summarize;
use rustc_hash::FxHashMap;

use crate::frontend;
use crate::ir::{Entry, Program, Target};
use crate::source::{SourceId, Sources, join};
use crate::summary::Summary;

/// A program of files in memory, the first of which holds the handler.
pub(super) struct Case {
    sources: Sources,
    program: Program,
}

impl Case {
    pub(super) fn new(files: &[(&str, &str)], export: &str) -> Self {
        let texts: BTreeMap<String, String> =
            files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        let sources = Sources::in_memory(texts);
        let entry = sources.find(files[0].0).expect("the first file is there");
        let mut modules = BTreeMap::new();
        let mut links = FxHashMap::default();
        for source in sources.ids() {
            let path = sources.path(source);
            let module = frontend::for_path(path).expect("a language that is read").lower(
                source,
                path,
                sources.text(source),
            );
            for text in imports(&format!("{module:?}")) {
                let target = link(&sources, source, &text);
                links.insert((source, text), target);
            }
            modules.insert(source, Arc::new(module));
        }
        let export = export.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Self { program: Program { modules, links, entry: Entry { source: entry, export } }, sources }
    }

    pub(super) fn summary(&self) -> Summary {
        summarize(&self.program).expect("the handler is there")
    }

    pub(super) fn print(&self) -> String {
        crate::summary::print::summary(&self.summary(), &self.sources)
    }
}

/// Texts of imports, from the debug form of a module.
fn imports(debug: &str) -> Vec<String> {
    let mut found: Vec<String> = debug
        .match_indices("Import { module: \"")
        .filter_map(|(at, mark)| debug[at + mark.len()..].split('"').next())
        .map(str::to_owned)
        .collect();
    found.dedup();
    found
}

fn link(sources: &Sources, from: SourceId, text: &str) -> Target {
    let folder = sources.folder(from);
    let candidates = if sources.path(from).ends_with(".py") {
        let dots = text.chars().take_while(|c| *c == '.').count();
        let path = text.trim_start_matches('.').replace('.', "/");
        let up = "../".repeat(dots.saturating_sub(1));
        vec![join(folder, &format!("{up}{path}.py")), join(folder, &format!("{up}{path}/__init__.py"))]
    } else {
        let path = join(folder, text);
        [".js", ".ts", "/index.js", ""].iter().map(|ending| format!("{path}{ending}")).collect()
    };
    match candidates.iter().find_map(|candidate| sources.find(candidate)) {
        Some(target) => Target::Local(target),
        None if text.starts_with('.') => Target::Missing,
        None => Target::Package(text.to_owned()),
    }
}

pub(super) fn python(text: &str) -> String {
    Case::new(&[("app.py", text)], "handler").print()
}

pub(super) fn javascript(text: &str) -> String {
    Case::new(&[("app.ts", text)], "handler").print()
}

/// Fails with the whole print where a line is not in it.
#[track_caller]
pub(super) fn has(print: &str, lines: &[&str]) {
    let mut missing = String::new();
    for line in lines {
        if !print.lines().any(|have| have.trim() == line.trim()) {
            let _ = writeln!(missing, "missing: {line}");
        }
    }
    assert!(missing.is_empty(), "{missing}in:\n{print}");
}

#[test]
fn a_python_handler_to_the_end() {
    let print = python(
        r#"
import json
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

def handler(event, context):
    result = table.get_item(Key={"id": event["pathParameters"]["id"]})
    item = result.get("Item")
    if not item:
        return {"statusCode": 404, "body": "not found"}
    return {"statusCode": 200, "body": json.dumps(item)}
"#,
    );
    has(
        &print,
        &[
            "effect 0: dynamodb:GetItem on env TABLE at 9 must",
            "input {Key: marshall({id: event.pathParameters.id}), TableName: env TABLE}",
            "env TABLE at 6 must init",
            "event pathParameters.id at 9 required must",
            "init dynamodb at 6 init",
            "path [0] when truthy result 0.Item",
            "returns {statusCode: 200, body: json(unmarshall(result 0.Item))} at 13",
            "path [0] when not truthy result 0.Item",
            "returns {statusCode: 404, body: 'not found'} at 12",
        ],
    );
    assert!(!print.contains("unknown"), "{print}");
}

mod aside;
mod chosen;
mod encoders;
mod frameworks;
mod gather;
mod hostile;
mod javascript;
mod python;
mod skim;
