//! How copies are told of: what it is, where it is, and where it could stand once.

use std::collections::BTreeSet;

use crate::graph::clones::{Group, Place, What};
use crate::graph::{App, Code, FunctionRef};
use crate::rules::code::list;
use crate::source::{Span, join};

/// More names than this are counted.
const NAMES: usize = 3;

/// "`charge` and `refund` (34 lines) stand in 4 functions: once would be 96 lines less"
pub(super) fn message(group: &Group) -> String {
    let functions = group.functions().len();
    let what = match &group.what {
        What::Module => format!("the same module ({} lines)", group.lines),
        What::Definitions(names) => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            format!("the same {} ({} lines)", some(&names), group.lines)
        }
        What::Setup => format!("the same {} lines that set up clients", group.lines),
        What::Statements => format!("the same {} lines", group.lines),
    };
    format!("{functions} functions have {what}; kept in one place, it is {} lines less", group.saved)
}

/// What a copy says of itself.
pub(super) fn place(app: &App<'_>, place: &Place) -> String {
    let functions: Vec<String> = place
        .functions
        .iter()
        .filter_map(|index| Some(app.graph.functions.get(*index)?.id.text.clone()))
        .collect();
    let names: BTreeSet<String> = functions.into_iter().collect();
    format!("in {}", some(&names.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// The first of some names, and how many more there are.
fn some(names: &[&str]) -> String {
    let more = names.len().saturating_sub(NAMES);
    if more < 2 {
        return list(names);
    }
    let named: Vec<String> = names.iter().take(NAMES).map(|name| format!("`{name}`")).collect();
    format!("{} and {more} more", named.join(", "))
}

/// The statements of a copy, those that follow each other as one.
pub(super) fn blocks(app: &App<'_>, place: &Place) -> Vec<Span> {
    let mut blocks: Vec<Span> = Vec::new();
    for span in &place.spans {
        let between =
            blocks.last().map(|last| Span { start: last.end, end: span.start.max(last.end), ..*span });
        let follows = between.is_some_and(|between| is_between(app.sources.slice(between)));
        match blocks.last_mut() {
            Some(last) if follows => *last = last.to(*span),
            _ => blocks.push(*span),
        }
    }
    blocks
}

/// Whether a text has no code: what may stand between statements, comments.
fn is_between(text: &str) -> bool {
    let comment = |line: &str| {
        let line = line.trim().trim_start_matches(';').trim_start();
        line.is_empty() || ["#", "//", "/*", "*"].iter().any(|mark| line.starts_with(mark))
    };
    text.lines().all(comment)
}

/// A function by its template and its id.
pub(super) fn key(function: &FunctionRef<'_>) -> String {
    format!("{}:{}", function.template().path, function.id.text)
}

/// Where it could stand once.
pub(super) fn help(app: &App<'_>, group: &Group, functions: &[FunctionRef<'_>], merges: bool) -> String {
    let with = match group.differing {
        0 => "",
        1 => ", with what differs as its argument",
        _ => ", with what differs as its arguments",
    };
    let mut ways = vec![match folder(app, functions) {
        _ if group.what == What::Module && are_handlers(app, group) => {
            "let the functions share one `CodeUri` and handler".to_owned()
        }
        Some(folder) if folder.is_empty() => {
            format!("keep it once, in a module that all of them import{with}")
        }
        Some(folder) => format!("keep it once below `{folder}`, which all of them are packaged from{with}"),
        None => format!("keep it once, in a layer that all of them use{with}"),
    }];
    if merges {
        ways.push("or let one function serve the routes of all (`merge-candidates`)".to_owned());
    }
    ways.join(", ")
}

/// The one folder that all are packaged from.
fn folder(app: &App<'_>, functions: &[FunctionRef<'_>]) -> Option<String> {
    let of = |function: &FunctionRef<'_>| match &function.code {
        Code::Package(Some(value)) => {
            let folder = join(app.sources.folder(function.template().source), value.as_str()?);
            app.sources.under(&folder).next().map(|_| folder)
        }
        _ => None,
    };
    let first = of(functions.first()?)?;
    functions.iter().all(|function| of(function).as_ref() == Some(&first)).then_some(first)
}

/// Whether every copy is all the code of a handler.
fn are_handlers(app: &App<'_>, group: &Group) -> bool {
    let functions = group.functions();
    let mut modules = functions.iter().filter_map(|index| app.graph.functions.get(*index));
    let handlers: BTreeSet<_> = app.handler_sources().collect();
    group.places.iter().all(|place| handlers.contains(&place.source))
        && modules.all(|function| function.behaviour.modules.len() == 1)
}
